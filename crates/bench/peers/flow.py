"""OR-tools on a market of the form ALLOC1, school by school: the peer of `kehou allocate --mode o1`.

Prints the processor seconds of the solver alone and the objective O1 that it reached.
"""

import sys
import time

import numpy as np
from ortools.graph.python import min_cost_flow

MISSED = 100  # what a seat costs that was asked for and not given
PRIORITY = 1000  # what all of a priority child's cost weighs


def schools(path):
    """For each school the capacities of its offerings and its children: weight, weekly limit, lists by day."""
    capacities, children = [], []
    with open(path, encoding="ascii") as file:
        for line in file:
            words = line.split()
            if words[0] == "L" and capacities:
                yield capacities, children
                capacities, children = [], []
            elif words[0] == "O":
                capacities.append(int(words[5]))
            elif words[0] == "P":
                lists = [[int(offering) for offering in day.split(",")] for day in words[7:] if day != "-"]
                children.append((PRIORITY if int(words[4]) else 1, int(words[5]), lists))
    yield capacities, children


def network(capacities, children):
    """Arcs as from, to, capacity, cost, and what each child gives; the last node before the days takes all."""
    sink = len(children) + len(capacities)
    arcs, gifts, day = [], [], sink + 1
    for child, (weight, limit, lists) in enumerate(children):
        gift = min(limit, len(lists))
        gifts.append(gift)
        arcs.append((child, sink, gift, weight * MISSED))
        for wishes in lists:
            arcs.append((child, day, 1, 0))
            for rank, offering in enumerate(wishes, 1):
                arcs.append((day, len(children) + offering, 1, weight * rank))
            day += 1
    for offering, capacity in enumerate(capacities):
        arcs.append((len(children) + offering, sink, capacity, 0))
    return np.array(arcs), np.array(gifts), sink


def main():
    seconds, cost = 0.0, 0
    for capacities, children in schools(sys.argv[1]):
        arcs, gifts, sink = network(capacities, children)
        flow = min_cost_flow.SimpleMinCostFlow()
        flow.add_arcs_with_capacity_and_unit_cost(*(np.ascontiguousarray(arcs[:, at]) for at in range(4)))
        flow.set_nodes_supplies(np.arange(len(gifts)), gifts)
        flow.set_node_supply(sink, -int(gifts.sum()))
        begun = time.process_time()
        status = flow.solve()
        seconds += time.process_time() - begun
        if status != flow.OPTIMAL:
            sys.exit(f"no optimum: {status}")
        cost += flow.optimal_cost()
    print(f"SOLVE cpu {seconds:.6f}")
    print(f"OBJECTIVE O1 {cost}")


main()

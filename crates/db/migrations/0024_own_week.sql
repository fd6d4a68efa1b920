-- A family may say which day counts first when the week has no room for every day: weekdays as digits, the first first.
alter table wish_list add column week text not null default '';

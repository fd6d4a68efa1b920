declare module "htmx.org/dist/htmx.esm.js";
declare module "idiomorph/dist/idiomorph.esm.js";

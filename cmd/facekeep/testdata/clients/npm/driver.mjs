// driver.mjs URL PICTURES FOLDER drives a server through all calls of Regula's
// published JavaScript client over an empty gallery, and leaves it empty again. It
// prints a line for each check and ends with the first that fails.
//
// PICTURES is a folder: obama.jpg and obama2.jpg are of one person, biden.jpg of
// another, pair.jpg shows both persons side by side, blank.jpg shows nobody.
// FOLDER is where the client is installed.

import { detect, match } from "./engine.mjs";
import { images, makeGroups, makePersons } from "./people.mjs";
import { deleteAll, search } from "./searching.mjs";
import { health, liveness } from "./service.mjs";

await health();
await match();
await detect();
const [first, second] = await makeGroups();
const [barack, joe] = await makePersons(first, second);
const kept = await images(barack, joe);
await search(second, barack, joe, kept);
await liveness();
await deleteAll(first, second, barack);

// The search for people.

import { between, equal, isTrue, refused } from "./checks.mjs";
import { FilterOp, alike, groupApi, image, names, nobody, personApi, searchApi } from "./setting.mjs";

export async function search(second, barack, joe, kept) {
  let answer = await searchApi.search({
    image: image("obama2.jpg"),
    groupIds: [],
    limit: null,
    threshold: null,
    filter: null,
    createPerson: null,
  });
  equal("search: who it is", [answer.code, names(answer)], [0, ["Barack Obama"]]);
  const [found] = answer.persons;
  equal("search: the image", [found.id, found.images.map((i) => i.id)], [barack.id, [kept.id]]);
  between("search: similarity", found.images[0].similarity, alike, 1);
  const all = { image: image("obama2.jpg"), threshold: 0 };
  equal("search: nearest first", names(await searchApi.search(all)), [
    "Barack Obama",
    "Joe Biden",
  ]);
  equal("search: limit", names(await searchApi.search({ ...all, limit: 1 })), [
    "Barack Obama",
  ]);
  equal(
    "search: in a group",
    names(await searchApi.search({ ...all, groupIds: [second.id] })),
    ["Joe Biden"],
  );
  const filter = { op: FilterOp.NOT_IN, field: "name", value: ["Barack Obama"] };
  equal("search: filter", names(await searchApi.search({ ...all, filter })), ["Joe Biden"]);
  equal("search: all faces", names(await searchApi.search({ image: image("pair.jpg"), detectAll: true })).sort(), [
    "Barack Obama",
    "Joe Biden",
  ]);
  await refused("search: nobody on it", 400, () => searchApi.search({ image: image("blank.jpg") }));

  const createPerson = { name: "Joe again", metadata: { seen: "door" }, ttl: 3600 };
  equal(
    "search: who is known is not created",
    names(await searchApi.search({ image: image("biden.jpg"), createPerson })),
    ["Joe Biden"],
  );
  await personApi.deletePerson(joe.id);
  const made = await searchApi.search({ image: image("biden.jpg"), createPerson });
  equal(
    "search: person created",
    [made.name, made.metadata, made.code, made.persons],
    ["Joe again", { seen: "door" }, undefined, undefined],
  );
  answer = await searchApi.search({ image: image("biden.jpg") });
  equal(
    "search: finds the person created",
    answer.persons.map((p) => p.id),
    [made.id],
  );
  isTrue("person: time of the end", Date.parse((await personApi.getPerson(made.id)).expireAt) > Date.now() + 3000e3);
  await personApi.deletePerson(made.id);
}

export async function deleteAll(first, second, barack) {
  await groupApi.deleteGroup(second.id);
  await personApi.deletePerson(barack.id);
  await refused("person: deleted twice", 404, () => personApi.deletePerson(barack.id));
  equal("search: nobody is left", (await searchApi.search({ image: image("obama.jpg"), threshold: 0 })).persons, []);
  await groupApi.deleteGroup(first.id);
  await refused("group: deleted twice", 404, () => groupApi.deleteGroup(first.id));
}

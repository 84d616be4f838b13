// Groups, persons and their images.

import { equal, isTrue, refused } from "./checks.mjs";
import { file, groupApi, image, nobody, personApi } from "./setting.mjs";

export async function makeGroups() {
  const first = await groupApi.createGroup({ name: "Presidents", metadata: { floor: 1 } });
  const second = await groupApi.createGroup({ name: "Deputies" });
  equal("group: as made", [first.name, first.metadata, second.metadata], ["Presidents", { floor: 1 }, {}]);
  await groupApi.updateGroup(second.id, { name: "Vice presidents", metadata: {} });
  equal("group: changed", (await groupApi.getGroup(second.id)).name, "Vice presidents");
  const page = await groupApi.getAllGroups(2, 1);
  equal("groups: page 2, newest first", [page.items.map((g) => g.id), page.page], [[first.id], 2]);
  await refused("group: unknown", 404, () => groupApi.getGroup(nobody));
  await refused("group: an id that is none", 400, () => groupApi.getGroup("presidents"));
  return [first, second];
}

export async function makePersons(first, second) {
  const barack = await personApi.createPerson({
    name: "Barack",
    externalId: "e-44",
    metadata: { terms: 2 },
    groups: [first.id],
    ttl: null,
  });
  equal(
    "person: as made",
    [barack.name, barack.externalId, barack.metadata, barack.groups],
    ["Barack", "e-44", { terms: 2 }, [first.id]],
  );
  await personApi.updatePerson(barack.id, { name: "Barack Obama" });
  const changed = await personApi.getPerson(barack.id);
  equal(
    "person: only what was sent changes",
    [changed.name, changed.externalId, changed.metadata],
    ["Barack Obama", "e-44", { terms: 2 }],
  );
  const joe = await personApi.createPerson({ name: "Joe Biden", metadata: null, groups: null });
  equal("person: default group", (await groupApi.getGroup(joe.groups[0])).name, "Default");
  await groupApi.updatePersonsInGroup(second.id, { addItems: [joe.id], removeItems: [] });
  const groups = await personApi.getAllGroupsByPersonId(undefined, undefined, joe.id);
  equal("groups of a person", groups.items.map((g) => g.name).sort(), ["Default", "Vice presidents"]);
  const persons = await groupApi.getAllPersonsByGroupId(1, 10, second.id);
  equal(
    "persons of a group",
    persons.items.map((p) => p.name),
    ["Joe Biden"],
  );
  await refused("person: unknown", 404, () => personApi.getPerson(nobody));
  await refused("person: without a name", 400, () => personApi.createPerson({ metadata: {} }));
  await refused("persons of a group: an unknown person", 404, () =>
    groupApi.updatePersonsInGroup(first.id, { addItems: [nobody] }),
  );
  return [barack, joe];
}

export async function images(barack, joe) {
  const kept = await personApi.addImageToPerson(barack.id, { image: image("obama.jpg") });
  equal("image: media type", kept.contentType, "image/jpeg");
  const back = await personApi.getImageOfPerson(kept.id, barack.id, undefined, { responseType: "arraybuffer" });
  isTrue("image: comes back as it was sent", Buffer.from(back).equals(file("obama.jpg")));
  const more = await personApi.addImageToPerson(barack.id, {
    image: { ...image("obama2.jpg"), imageUrl: null, resizeOptions: null },
  });
  const page = await personApi.getAllImagesByPersonId(1, 1, barack.id);
  equal("images: newest first", [page.items.map((i) => i.id), page.totalPages], [[more.id], 2]);
  await personApi.deleteImageOfPerson(more.id, barack.id);
  await refused("image: deleted", 404, () => personApi.getImageOfPerson(more.id, barack.id));
  await refused("image: of another person", 400, () => personApi.getImageOfPerson(kept.id, joe.id));
  await refused("image: nobody on it", 400, () => personApi.addImageToPerson(joe.id, { image: image("blank.jpg") }));
  await personApi.addImageToPerson(joe.id, { image: image("biden.jpg") });
  return kept;
}

"""Groups, persons and their images."""

import base64
import datetime
import uuid

from regula.facesdk.webclient.gen import models as m
from regula.facesdk.webclient.gen.api.person_api import PersonApi

from checks import between, equal, jpeg_size, refused, true
from setting import BIDEN, BLANK, NEWER, NO_PICTURE, NOBODY, OBAMA, groups, persons, raw


def person(name, **fields):
    return m.PersonFields(name=name, **fields)


def create_groups():
    first = groups.create_group("Presidents", {"room": "Oval", "floor": 1})
    equal("group: as made", (first.name, first.metadata), ("Presidents", {"room": "Oval", "floor": 1}))
    true("group: has an id and a time", uuid.UUID(first.id) and first.created_at)
    second = groups.create_group("Deputies")
    equal("group: no metadata", second.metadata, {})
    equal("group: read again", groups.get_group(first.id).to_dict(), first.to_dict())
    groups.update_group(second.id, m.GroupToCreate(name="Vice presidents", metadata={"room": "Ceremonial"}))
    changed = groups.get_group(second.id)
    equal("group: changed", (changed.name, changed.metadata), ("Vice presidents", {"room": "Ceremonial"}))
    newest = groups.get_all_groups(page=1, size=1)
    equal("groups: newest first", ([g.id for g in newest.items], newest.page), ([second.id], 1))
    following = groups.get_all_groups(page=2, size=1)
    equal("groups: page 2", ([g.id for g in following.items], following.page), ([first.id], 2))
    between("groups: pages", newest.total_pages, 2, 3)
    with refused("group: unknown", 404):
        groups.get_group(NOBODY)
    with refused("group: an id that is none", 400):
        groups.get_group("presidents")
    with refused("groups: page 0", 400):
        groups.get_all_groups(page=0)
    return first, second


def create_persons(first, second):
    fields = person(
        "Barack", external_id="e-44", metadata={"party": "D", "terms": 2, "years": [2009, 2017]}, groups=[first.id]
    )
    barack = persons.create_person(fields)
    equal(
        "person: as made",
        (barack.name, barack.external_id, barack.metadata, barack.groups),
        ("Barack", "e-44", fields.metadata, [first.id]),
    )
    true("person: has an id and times", uuid.UUID(barack.id) and barack.created_at and barack.updated_at)
    equal("person: read again", persons.get_person(barack.id).to_dict(), barack.to_dict())
    persons.update_person(barack.id, m.PersonToUpdateFields(name="Barack Obama"))
    changed = persons.get_person(barack.id)
    equal(
        "person: only what was sent changes",
        (changed.name, changed.external_id, changed.metadata, changed.groups),
        ("Barack Obama", "e-44", fields.metadata, [first.id]),
    )
    persons.update_person(barack.id, person("Barack Obama", metadata={"party": "D"}, groups=[first.id, second.id]))
    changed = persons.get_person(barack.id)
    equal(
        "person: metadata and groups are replaced",
        (changed.metadata, sorted(changed.groups)),
        ({"party": "D"}, sorted([first.id, second.id])),
    )

    joe = persons.create_person(person("Joe Biden"))
    [default] = joe.groups
    equal("person: without a group goes to the default one", groups.get_group(default).name, "Default")
    other = persons.create_person(person("Somebody"))
    equal("person: there is one default group", other.groups, [default])
    persons.delete_person(other.id)
    with refused("person: deleted", 404):
        persons.get_person(other.id)
    with refused("person: deleted twice", 404):
        persons.delete_person(other.id)
    with refused("person: change of a deleted one", 404):
        persons.update_person(other.id, person("Nobody"))
    with refused("person: an id that is none", 400):
        persons.get_person("barack")
    with refused("person: in an unknown group", 400):
        persons.create_person(person("Nobody", groups=[NOBODY]))
    return persons.get_person(barack.id), joe


def persons_of_groups(first, second, barack, joe):
    equal(
        "groups of a person",
        sorted(g.id for g in persons.get_all_groups_by_person_id(barack.id).items),
        sorted([first.id, second.id]),
    )
    groups.update_persons_in_group(first.id, m.UpdateGroup(add_items=[joe.id]))
    groups.update_persons_in_group(first.id, m.UpdateGroup(add_items=[joe.id]))  # once more changes nothing
    page = groups.get_all_persons_by_group_id(first.id)
    equal(
        "persons of a group: newest first",
        [(p.id, p.name) for p in page.items],
        [(joe.id, "Joe Biden"), (barack.id, "Barack Obama")],
    )
    page = groups.get_all_persons_by_group_id(first.id, page=2, size=1)
    equal(
        "persons of a group: page 2 of 2",
        ([p.id for p in page.items], page.page, page.total_pages),
        ([barack.id], 2, 2),
    )
    groups.update_persons_in_group(first.id, m.UpdateGroup(remove_items=[joe.id]))
    equal(
        "persons of a group: removed", [p.id for p in groups.get_all_persons_by_group_id(first.id).items], [barack.id]
    )
    with refused("persons of a group: an unknown person", 404):
        groups.update_persons_in_group(first.id, m.UpdateGroup(add_items=[joe.id, NOBODY]))
    equal(
        "persons of a group: all or nothing",
        [p.id for p in groups.get_all_persons_by_group_id(first.id).items],
        [barack.id],
    )
    groups.update_persons_in_group(second.id, m.UpdateGroup(add_items=[joe.id], remove_items=[barack.id]))
    equal(
        "persons of a group: one in, one out",
        [p.id for p in groups.get_all_persons_by_group_id(second.id).items],
        [joe.id],
    )
    with refused("persons of an unknown group", 404):
        groups.get_all_persons_by_group_id(NOBODY)


def wrong_ids(first):
    calls = {
        "change of an unknown group": (404, groups.update_group, NOBODY, m.GroupToCreate(name="None", metadata={})),
        "change of a group, by no id": (
            400,
            groups.update_group,
            "presidents",
            m.GroupToCreate(name="None", metadata={}),
        ),
        "persons of a group, by no id": (400, groups.get_all_persons_by_group_id, "presidents"),
        "persons of a group, by no ids": (
            400,
            groups.update_persons_in_group,
            first.id,
            m.UpdateGroup(add_items=["joe"]),
        ),
        "deletion of a person, by no id": (400, persons.delete_person, "joe"),
        "change of a person, by no id": (400, persons.update_person, "joe", person("Joe")),
        "groups of an unknown person": (404, persons.get_all_groups_by_person_id, NOBODY),
        "groups of a person, by no id": (400, persons.get_all_groups_by_person_id, "joe"),
        "images of a person, by no id": (400, persons.get_all_images_by_person_id, "joe"),
        "group with too much metadata": (400, groups.create_group, "Large", {"text": "x" * 2**17}),
    }
    for what, (status, call, *args) in calls.items():
        with refused(what, status):
            call(*args)


def images(barack, joe):
    kept = persons.add_image_to_person(barack.id, OBAMA, "image/jpeg")
    true("image: has an id and a time", kept.id and kept.created_at)
    equal("image: media type", kept.content_type, "image/jpeg")
    status, body = raw(persons.get_image_of_person, kept.id, barack.id)  # the client cannot read bytes
    equal("image: comes back as it was sent", (status, body == OBAMA), (200, True))
    small = m.AddImageToPersonRequestImage(
        content=base64.b64encode(OBAMA).decode(), resize_options=m.ResizeOptions(width=288, height=360, quality=90)
    )
    resized = PersonApi.add_image_to_person(persons, barack.id, m.AddImageToPersonRequest(image=small))
    _, body = raw(persons.get_image_of_person, resized.id, barack.id)
    equal("image: resized", jpeg_size(body), (288, 360))
    page = persons.get_all_images_by_person_id(barack.id, page=1, size=1)
    equal("images: newest first", ([i.id for i in page.items], page.page, page.total_pages), ([resized.id], 1, 2))
    persons.delete_image_of_person(resized.id, barack.id)
    equal("images: one is left", [i.id for i in persons.get_all_images_by_person_id(barack.id).items], [kept.id])
    with refused("image: deleted", 404):
        persons.get_image_of_person(resized.id, barack.id)
    with refused("image: deleted twice", 404):
        persons.delete_image_of_person(resized.id, barack.id)
    with refused("image: of another person", 400):
        persons.get_image_of_person(kept.id, joe.id)
    with refused("image: deletion of another person's", 404):
        persons.delete_image_of_person(kept.id, joe.id)
    with refused("image: deletion by no id of a person", 400):
        persons.delete_image_of_person(kept.id, "joe")
    with refused("image: of an unknown person", 404):
        persons.add_image_to_person(NOBODY, OBAMA)
    for what, picture in ("nobody on it", BLANK), ("no picture", NO_PICTURE):
        with refused("image: " + what, 400):
            persons.add_image_to_person(joe.id, picture)
    url = m.AddImageToPersonRequestImage(image_url="http://127.0.0.1/picture.jpg")
    with refused("image: from an address that is not allowed", 400):
        PersonApi.add_image_to_person(persons, joe.id, m.AddImageToPersonRequest(image=url))
    equal("images: nothing was half written", persons.get_all_images_by_person_id(joe.id).items, [])
    persons.add_image_to_person(joe.id, BIDEN)
    return kept


def time_to_live():
    guest = persons.create_person(
        person("Guest", expire_at="2099-01-01T00:00:00Z") if NEWER else person("Guest", ttl=3600)
    )
    found = persons.get_person(guest.id)
    equal("person: with a time to live", found.name, "Guest")
    if NEWER:
        equal("person: time of the end", datetime.datetime.fromisoformat(found.expire_at).year, 2099)
    persons.delete_person(guest.id)

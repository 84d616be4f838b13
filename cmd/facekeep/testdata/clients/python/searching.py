"""The search for people."""

import base64
import json

from regula.facesdk.webclient.gen import models as m
from regula.facesdk.webclient.gen.model.face_image_quality_align_type import FaceImageQualityAlignType as Align
from regula.facesdk.webclient.gen.model.filter_op import FilterOp

from checks import between, equal, jpeg_size, refused, true
from setting import ALIKE, BIDEN, BLANK, NEWER, NO_PICTURE, NOBODY, OBAMA, OBAMA2, PAIR, groups, persons, raw, sdk


def search(picture, **fields):
    image = m.AddImageToPersonRequestImage(content=picture)
    more = {"with_images": True} if NEWER else {}
    return sdk.search_api.search(m.SearchRequest(image=image, **fields), **more)


def names(answer):
    return [p.name for p in answer.persons]


def who_is_known(first, second, barack, joe, kept):
    answer = search(OBAMA2, group_ids=[], tag="search-1")
    equal("search: who it is", (answer.code, names(answer)), (0, ["Barack Obama"]))
    [found] = answer.persons
    equal(
        "search: the person",
        (found.id, found.external_id, found.metadata, found.groups),
        (barack.id, "e-44", {"party": "D"}, [first.id]),
    )
    [image] = found.images
    equal("search: the image", (image.id, image.content_type), (kept.id, "image/jpeg"))
    between("search: similarity", image.similarity, ALIKE, 1)
    between("search: distance", image.distance, 0, 1)
    equal("search: the face searched with", (len(found.detection.roi), len(found.detection.landmarks)), (4, 5))

    answer = search(OBAMA2, threshold=0.0)
    equal("search: nearest first", names(answer), ["Barack Obama", "Joe Biden"])
    near, far = (p.images[0] for p in answer.persons)
    true("search: similarity falls, distance grows", near.similarity > far.similarity and near.distance < far.distance)
    equal("search: limit", names(search(OBAMA2, threshold=0.0, limit=1)), ["Barack Obama"])
    equal("search: threshold", names(search(OBAMA2, threshold=far.similarity + 0.01)), ["Barack Obama"])
    equal("search: in a group", names(search(OBAMA2, threshold=0.0, group_ids=[second.id])), ["Joe Biden"])
    equal(
        "search: in groups",
        names(search(OBAMA2, threshold=0.0, group_ids=[first.id, second.id])),
        ["Barack Obama", "Joe Biden"],
    )
    for op, want in (FilterOp.IN, ["Joe Biden"]), (FilterOp.NOT_IN, ["Barack Obama"]):
        name = m.FilterSearchRequest(op=op, field="name", value=["Joe Biden", "Somebody"])
        equal(f"search: filter {op}", names(search(OBAMA2, threshold=0.0, filter=name)), want)
    crop = m.OutputImageParams(crop=m.Crop(type=Align.ALIGN_1x1, size=[200, 200]))
    [found] = search(OBAMA2, output_image_params=crop).persons
    equal("search: crop", jpeg_size(base64.b64decode(found.detection.crop)), (200, 200))
    equal("search: all faces", sorted(names(search(PAIR, detect_all=True))), ["Barack Obama", "Joe Biden"])
    equal("search: the central face", len(search(PAIR).persons), 1)


def what_is_refused():
    for what, picture in ("nobody", BLANK), ("no picture", NO_PICTURE):
        with refused("search: " + what, 400):
            search(picture)
    with refused("search: without image", 400):
        sdk.search_api.search(m.SearchRequest())
    with refused("search: in an unknown group", 400):
        search(OBAMA, group_ids=[NOBODY])
    with refused("search: threshold beyond 1", 400):
        search(OBAMA, threshold=1.5)


def who_is_new(joe):
    new = m.SearchParametersCreatePerson(name="Joe again", metadata={"seen": "door"})
    equal("search: who is known is not created", names(search(BIDEN, create_person=new)), ["Joe Biden"])
    persons.delete_person(joe.id)
    equal("search: deleted", names(search(BIDEN)), [])
    content = base64.b64encode(BIDEN).decode()
    request = m.SearchRequest(image=m.AddImageToPersonRequestImage(content=content), create_person=new)
    status, body = raw(super(type(sdk.search_api), sdk.search_api).search, request)  # 6.4 cannot read the person made
    made = json.loads(body)
    equal("search: person created", (status, made["name"], made["metadata"]), (201, "Joe again", {"seen": "door"}))
    equal("search: no code with it", ("code" in made, "persons" in made), (False, False))
    [found] = search(BIDEN).persons
    equal(
        "search: finds the person created",
        (found.id, found.name, found.groups),
        (made["id"], "Joe again", made["groups"]),
    )
    equal("search: created once", names(search(BIDEN, create_person=new)), ["Joe again"])
    equal("search: has an image", len(persons.get_all_images_by_person_id(made["id"]).items), 1)
    persons.delete_person(made["id"])


def deletions(first, second, barack):
    groups.delete_group(second.id)
    with refused("group: deleted", 404):
        groups.get_group(second.id)
    equal("group: deletion keeps its persons", names(search(OBAMA2)), ["Barack Obama"])
    persons.delete_person(barack.id)
    equal("search: nobody is left", search(OBAMA2, threshold=0.0).persons, [])
    with refused("images of a deleted person", 404):
        persons.get_all_images_by_person_id(barack.id)
    equal("persons of a group: nobody is left", groups.get_all_persons_by_group_id(first.id).items, [])
    groups.delete_group(first.id)
    with refused("group: deleted twice", 404):
        groups.delete_group(first.id)

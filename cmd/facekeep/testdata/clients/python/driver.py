"""driver.py URL PICTURES drives a server through all calls of Regula's published
Python client, whichever of 6.4 and 7.2 is installed, over an empty gallery, and
leaves it empty again. It prints a line for each check and ends with the first that
fails.

PICTURES is a folder: obama.jpg and obama2.jpg are of one person, biden.jpg of
another, pair.jpg shows both persons side by side, blank.jpg shows nobody. Where
they are there, two_people.jpg and six_people.jpg show as many."""

import detection
import matches
import people
import searching
import service
from checks import equal
from setting import OBAMA, persons


def main():
    service.health()
    matches.all_pairs()
    matches.options()
    matches.group_pictures()
    matches.failures()
    detection.faces()
    detection.crops()
    detection.quality()
    detection.attributes()
    equal("search: an empty gallery", searching.search(OBAMA, threshold=0.0).persons, [])
    first, second = people.create_groups()
    barack, joe = people.create_persons(first, second)
    people.persons_of_groups(first, second, barack, joe)
    people.wrong_ids(first)
    barack = persons.get_person(barack.id)
    kept = people.images(barack, joe)
    searching.who_is_known(first, second, barack, joe, kept)
    searching.what_is_refused()
    searching.who_is_new(joe)
    people.time_to_live()
    service.liveness()
    service.not_offered()
    searching.deletions(first, second, barack)


main()

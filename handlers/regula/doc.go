// Package regula speaks the Regula Face SDK Web API, version 6.4: matching and
// detection, persons, their images, groups of persons, and the search among them.
// README.md says operation by operation what is kept of it and what differs.
//
//	@title						Facekeep: Regula Face SDK Web API
//	@version					6.4.0
//	@description				Compare faces, keep persons in groups, and ask who is in a picture.
//	@description
//	@description				The bodies of the examples run as they stand: **POST /api/groups** makes a group, **POST /api/persons** a person, whose id is in the answer, **POST /api/persons/{personId}/images** gives the person a face by the picture in the example, **POST /api/search** finds the person.
//	@description
//	@description				Pictures are base64 of JPEG, PNG or WebP files. Similarity is a number from 0 to 1, the higher the nearer; distance is 1 less that. Ids are UUIDs. Unknown fields are ignored, and null counts as left out. Errors are operation logs whose `msg` says what went wrong; what the engine cannot do with a picture of match and detect is a `code` in an answer of status 200.
//	@license.name				Apache 2.0
//	@license.url				https://www.apache.org/licenses/LICENSE-2.0.html
//	@BasePath					/
//	@security					ApiKey
//	@tag.name					matching
//	@tag.description			Detection and comparison of faces; nothing is stored.
//	@tag.name					person
//	@tag.description			Persons and the images that they are found by.
//	@tag.name					group
//	@tag.description			Groups of persons.
//	@tag.name					search
//	@tag.description			Who is in a picture.
//	@tag.name					liveness
//	@tag.description			Liveness checks that were made.
//	@tag.name					health
//	@tag.description			Whether the service can answer.
//	@securityDefinitions.apikey	ApiKey
//	@in							header
//	@name						x-api-key
//	@description				A key that `facekeep apikey create` made. It is asked for unless the server listens on this machine alone; see the roles in docs/operations.md.
package regula

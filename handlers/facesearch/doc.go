// Package facesearch speaks the face-search API: the search for one face or for
// all faces of a picture in a collection of people, and, because the original has
// nothing to fill a collection with, operations on collections and people in the
// same style. README.md says what is kept of the original and what is decided here.
//
//	@title						Facekeep: face-search API
//	@version					1.0.0
//	@description				Search for faces in a collection of people.
//	@description
//	@description				Every request needs an API key: **Authorize** takes the one that `facekeep apikey create` printed. The examples run as they stand, in this order: **POST /collections** makes a collection, **POST /collections/{collection_name}/persons** enrols a person into it, and **POST /face-search** finds that person.
//	@description
//	@description				Pictures are base64 of JPEG or PNG files. Unknown fields are ignored. An error has a `code` to branch on and a `message` to show. A collection is called by its id, or by its name where no id is spelt so.
//	@license.name				Apache 2.0
//	@license.url				https://www.apache.org/licenses/LICENSE-2.0.html
//	@BasePath					/
//	@tag.name					Face Search
//	@tag.description			The search for faces, as in the original.
//	@tag.name					Collections
//	@tag.description			Not in the original: collections of people. A collection is a watchlist of the SmartFace dialect and a group of the Regula dialect.
//	@tag.name					Persons
//	@tag.description			Not in the original: people and their faces. There is one gallery: a person in several collections is the same person in each.
//	@securityDefinitions.apikey	ApiKey
//	@in							header
//	@name						x-api-key
package facesearch

// Package smartface speaks the SmartFace REST API, version 1: watchlists, their
// members, registration by picture, search and verification. README.md says
// operation by operation what is kept of it and what differs.
//
//	@title						Facekeep: SmartFace REST API
//	@version					v5_4.25.2.6157
//	@description				Enrol people into watchlists by picture, and ask who is in another picture.
//	@description
//	@description				The examples run as they stand, in this order: **PUT Watchlists** makes the watchlist `employees`, **Register** enrols a person into it by the picture in the example, **AddNewFace** and **RemoveFace** give and take another face, **Search** finds the person, **Verify** compares two pictures, **SpoofCheck** tells whether one shows a living person.
//	@description
//	@description				Pictures are base64 of JPEG, PNG or WebP files. Paths and names of query parameters match in any case. Unknown fields are ignored. Errors are problem bodies whose `detail` says what went wrong.
//	@license.name				Apache 2.0
//	@license.url				https://www.apache.org/licenses/LICENSE-2.0.html
//	@BasePath					/
//	@security					ApiKey
//	@tag.name					Watchlist
//	@tag.description			Lists of members, and the search for a face among them.
//	@tag.name					WatchlistMember
//	@tag.description			Enrolled persons, their faces and the watchlists they are on.
//	@tag.name					Face
//	@tag.description			Comparison of two faces, and whether a face is that of a living person.
//	@tag.name					Image
//	@tag.description			Stored crops of enrolled faces.
//	@tag.name					Version
//	@tag.description			What runs here.
//	@securityDefinitions.apikey	ApiKey
//	@in							header
//	@name						x-api-key
//	@description				A key that `facekeep apikey create` made. It is asked for unless the server listens on this machine alone; see the roles in docs/operations.md.
package smartface

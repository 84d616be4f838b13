package regula

// The names after @name are those of the contract's schemas. Fields of requests
// are pointers, so that what was left out can be told from what was sent; null
// counts as left out.

// operationLog is the body of an error answer.
type operationLog struct {
	StatusCode int    `json:"statusCode" example:"400"` // the HTTP status
	Type       string `json:"type" example:"BadParamsException"`
	Msg        string `json:"msg" example:"name is required"` // what went wrong, in words for a person; never empty
	// Metadata holds the id of the request and, where one is to blame, the name of a field.
	Metadata map[string]string `json:"metadata"`
} // @name OperationLog

// pageHead is what a page says of itself.
type pageHead struct {
	Page       int `json:"page" example:"1"`
	TotalPages int `json:"totalPages" example:"1"` // 0 for an empty listing
}

// deviceInfo is the body of healthz. Nothing here needs a licence: what tells of
// one is null.
type deviceInfo struct {
	App               string  `json:"app" validate:"required" example:"Facekeep"`
	LicenseID         *string `json:"licenseId" validate:"required" extensions:"x-nullable"`
	LicenseSerial     *string `json:"licenseSerial" validate:"required" extensions:"x-nullable"`
	LicenseValidUntil *string `json:"licenseValidUntil" validate:"required" format:"date-time" extensions:"x-nullable"`
	Version           *string `json:"version" validate:"required" extensions:"x-nullable" example:"v1.0.0"`
} // @name DeviceInfo

// readiness is the body of readiness.
type readiness struct {
	Status string            `json:"status" example:"ok"` // ok, or unavailable
	Parts  map[string]string `json:"parts"`               // the state of each part of the server
} // @name Readiness

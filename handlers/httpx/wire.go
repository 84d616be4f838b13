package httpx

// Problem is the body of an error answer (RFC 9457, formerly 7807).
type Problem struct {
	// Type is a link to what the status means.
	Type string `json:"type" example:"https://tools.ietf.org/html/rfc7231#section-6.5.4" extensions:"x-nullable"`
	// Title says the same for every occurrence of a problem.
	Title string `json:"title" example:"Not Found" extensions:"x-nullable"`
	// Status is the HTTP status.
	Status int `json:"status" format:"int32" example:"404" extensions:"x-nullable"`
	// Detail says what went wrong this time, in words for a person. It is never empty.
	Detail string `json:"detail" example:"Watchlist with id 'employees' was not found." extensions:"x-nullable"`
	// Instance is always null.
	Instance *string `json:"instance" extensions:"x-nullable"`
	// TraceID is the id of the request, as in the header X-Request-Id and in the log.
	TraceID string `json:"traceId,omitempty" example:"6a0a8a1e-6f4e-4b7e-9d7e-0d3a3a0a1c55"`
	// Errors names the input that is wrong, where one is to blame.
	Errors map[string][]string `json:"errors,omitempty"`
} // @name ProblemDetails

// health is the body of /healthz and /readyz.
type health struct {
	Status string                `json:"status"` // "ok" or "unavailable"
	Parts  map[string]partHealth `json:"parts,omitempty"`
}

// partHealth is the state of one part of the server.
type partHealth struct {
	Status string `json:"status"` // "ok" or "unavailable"
	Info   string `json:"info,omitempty"`
	Detail string `json:"detail,omitempty"` // what is wrong though answers are given
	Error  string `json:"error,omitempty"`
}

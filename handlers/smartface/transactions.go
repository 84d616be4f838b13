package smartface

import (
	"context"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// recorder records liveness checks, for dialects in which they can be looked up.
type recorder interface {
	KeepLiveness(ctx context.Context, t face.LivenessTransaction) error
}

// record records the checks of faces and tells their ids. All of an answer have one
// tag. What cannot be recorded is logged: the answer stands all the same.
func (s *spoofCheck) record(ctx context.Context, c *gin.Context, to recorder, faces ...face.Inspected) {
	if len(s.checks) == 0 {
		return
	}
	tag := uuid.NewString()
	ids := make([]string, 0, len(faces))
	for _, f := range faces {
		t, err := s.transaction(tag, f)
		if err == nil {
			err = to.KeepLiveness(ctx, t)
		}
		if err != nil {
			httpx.KeepError(c, err)
			break // the next one would fail as well, and cost its time
		}
		ids = append(ids, t.ID.String())
	}
	if len(ids) > 0 {
		c.Header(httpx.TransactionHeader, strings.Join(ids, ", "))
	}
}

// transaction is the record of the checks of one face: that of all of them, and the
// least of their scores.
func (s *spoofCheck) transaction(tag string, f face.Inspected) (face.LivenessTransaction, error) {
	id, err := uuid.NewV7()
	t := face.LivenessTransaction{ID: id, Tag: tag, Age: f.Attributes.Age}
	verdict := s.result(f.Liveness)
	if !verdict.Performed {
		return t, err
	}
	t.Confirmed = &verdict.Passed
	for i, l := range f.Liveness {
		if i == 0 || l.Score < t.Score {
			t.Score = l.Score
		}
	}
	return t, err
}

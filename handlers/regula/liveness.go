package regula

import (
	"context"
	"math"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// ageAccuracy is how far off an age may be, as the contract says of it, in years.
const ageAccuracy = 3

// passive is the type of every check that is made here.
const passive = 1

// transactions is what the liveness routes need of the gallery.
type transactions interface {
	LivenessTransaction(ctx context.Context, id uuid.UUID) (face.LivenessTransaction, error)
}

// livenessAPI holds the operation on liveness transactions.
type livenessAPI struct {
	gallery transactions
	timeout httpx.Timeout
}

// get answers GET /api/v2/liveness.
//
//	@Summary		Get what came of a liveness check
//	@Description	Passive checks that this server made, in whichever dialect: those answers name the transaction in the header X-Facekeep-Transaction-Id. There is no picture or video of a check.
//	@ID				get_liveness_transaction_info
//	@Tags			liveness
//	@Produce		json
//	@Param			transactionId	query		string			true	"Id of the check"	format(uuid)
//	@Success		200				{object}	transactionInfo	"What came of the check."
//	@Failure		400				{object}	operationLog	"The id is no UUID."
//	@Failure		404				{object}	operationLog	"There was no such check."
//	@Router			/api/v2/liveness [get]
func (a *livenessAPI) get(c *gin.Context) {
	id, err := transactionID(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	t, err := a.gallery.LivenessTransaction(ctx, id)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, newTransactionInfo(t))
}

func transactionID(c *gin.Context) (uuid.UUID, error) {
	q, err := httpx.ParseQuery(c)
	if err != nil {
		return uuid.Nil, err
	}
	text, ok := q.Text("transactionId")
	if !ok {
		return uuid.Nil, face.FieldErrorf("transactionId", "transactionId is required")
	}
	return parseID("transactionId", text)
}

func newTransactionInfo(t face.LivenessTransaction) transactionInfo {
	out := transactionInfo{
		Code: codeLivenessAborted, Tag: t.Tag, TransactionID: t.ID.String(), Age: []ageRange{}, Type: passive,
		Metadata: livenessDetail{Score: math.Round(t.Score*100) / 100, CreatedAt: httpx.TimeText(t.CreatedAt)},
	}
	if t.Age != nil {
		age := int(math.Round(*t.Age))
		out.Age = append(out.Age, ageRange{Name: "Age", Value: [2]int{max(0, age-ageAccuracy), age + ageAccuracy}})
	}
	if t.Confirmed != nil {
		var status int
		if out.Code = codeOK; !*t.Confirmed {
			status, out.Code = 1, codePassiveLivenessFail
		}
		out.Status = &status
	}
	return out
}

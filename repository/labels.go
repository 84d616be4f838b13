package repository

import (
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// labelRow is a row of member_labels.
type labelRow struct {
	MemberUID key `gorm:"column:member_uid;primaryKey"`
	Position  int `gorm:"primaryKey;autoIncrement:false"`
	Key       string
	Value     string
}

// TableName implements GORM's Tabler.
func (labelRow) TableName() string { return "member_labels" }

// insertBatch bounds the rows of one INSERT.
const insertBatch = 256

func insertLabels(tx *gorm.DB, member key, labels []face.Label) error {
	if len(labels) == 0 {
		return nil
	}
	rows := make([]labelRow, len(labels))
	for i, l := range labels {
		rows[i] = labelRow{MemberUID: member, Position: i, Key: l.Key, Value: l.Value}
	}
	return tx.CreateInBatches(rows, insertBatch).Error
}

// loadLabels fills in the labels of members.
func loadLabels(tx *gorm.DB, members []face.Member) error {
	at := make(map[uuid.UUID]int, len(members))
	uids := make([]key, len(members))
	for i, m := range members {
		at[m.UID], uids[i] = i, key(m.UID)
	}
	rows, err := findAll[labelRow](tx, "member_uid", uids)
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b labelRow) int { return a.Position - b.Position })
	for _, r := range rows {
		m := &members[at[uuid.UUID(r.MemberUID)]]
		m.Labels = append(m.Labels, face.Label{Key: r.Key, Value: r.Value})
	}
	return nil
}

package repository

// resolvedRow is a row of resolvedRows: a hit with its member, a watchlist or a label, each
// of which fills some of the fields.
type resolvedRow struct {
	sort               int
	face, list, member key
	number             int
	id, name, fullName *string
	third, fourth      *string
	more               document
	created, updated   moment
	expires            moment
}

func (r *resolvedRow) fields() []any {
	return []any{
		&r.sort, &r.face, &r.list, &r.member, &r.number, &r.id, &r.name, &r.fullName,
		&r.third, &r.fourth, &r.more, &r.created, &r.updated, &r.expires,
	}
}

func (r *resolvedRow) memberRow() memberRow {
	return memberRow{
		UID: r.member, ID: text(r.id), DisplayName: r.name, FullName: r.fullName, Note: r.third, ExternalID: r.fourth,
		Extra: r.more, Created: r.created, Updated: r.updated, Expires: r.expires,
	}
}

func (r *resolvedRow) watchlistRow() watchlistRow {
	return watchlistRow{
		UID: r.list, ID: text(r.id), DisplayName: text(r.name), FullName: text(r.fullName), Threshold: r.number,
		PreviewColor: text(r.third), Metadata: r.more, Created: r.created, Updated: r.updated,
	}
}

func (r *resolvedRow) labelRow() labelRow {
	return labelRow{MemberUID: r.member, Position: r.number, Key: text(r.id), Value: text(r.name)}
}

// text returns a column that is never null.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

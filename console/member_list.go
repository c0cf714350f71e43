package console

import (
	"slices"

	"nghe/staff"
)

// listMembers shows who works here, of those whom one manages.
func (c *Console) listMembers(v *visit) error {
	all, err := c.Desk.Records.Members(v.Context())
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(m staff.Member) bool { return !m.Scope.Within(v.me().Scope) })
	slices.SortStableFunc(all, func(a, b staff.Member) int {
		switch {
		case a.Off == b.Off:
			return 0
		case a.Off:
			return 1
		}
		return -1
	})
	return c.page(v, "members", "Cán bộ", struct{ Members []staff.Member }{all})
}

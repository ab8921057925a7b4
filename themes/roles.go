package themes

// Role is what a colour means on the screen. To add one, add a constant and
// its line in roleList.
type Role string

// The roles. Each comment says where the role is seen.
const (
	// Text is running text.
	Text Role = "text"
	// Muted is what matters less: hints, units, what is absent.
	Muted Role = "muted"
	// Title is the title of a box or a screen.
	Title Role = "title"
	// Header is the line of column titles of a table.
	Header Role = "header"
	// Border is the border of a box without focus.
	Border Role = "border"
	// BorderFocus is the border of the focused box.
	BorderFocus Role = "border-focus"
	// Selection is the row under the cursor.
	Selection Role = "selection"
	// Mark is the sign of a marked row.
	Mark Role = "mark"
	// Match is the part of a text that a filter found.
	Match Role = "match"
	// Accent is what should be noticed first without being good or bad.
	Accent Role = "accent"
	// Context is the word in the header that says which kind of cluster is looked at,
	// where there is one.
	Context Role = "context"
	// Key is the name of a key in hints and in the help.
	Key Role = "key"
	// Prompt is the label of an input line.
	Prompt Role = "prompt"
	// Notice is a short message that went well.
	Notice Role = "notice"
	// OK is a passed check.
	OK Role = "ok"
	// Warn is a banner about what could not be seen.
	Warn Role = "warn"
	// Error is a banner about what went wrong.
	Error Role = "error"
	// Critical is the severity critical.
	Critical Role = "critical"
	// High is the severity high.
	High Role = "high"
	// Medium is the severity medium.
	Medium Role = "medium"
	// Low is the severity low.
	Low Role = "low"
	// Info is the severity info.
	Info Role = "info"
	// Score0 is the worst step of the score ramp (grades E and F).
	Score0 Role = "score-0"
	// Score1 is the second worst step of the score ramp (grade D).
	Score1 Role = "score-1"
	// Score2 is the middle step of the score ramp (grade C).
	Score2 Role = "score-2"
	// Score3 is the second best step of the score ramp (grade B).
	Score3 Role = "score-3"
	// Score4 is the best step of the score ramp (grade A).
	Score4 Role = "score-4"
	// Track is the empty part of a gauge.
	Track Role = "track"
	// Spark is a small trend.
	Spark Role = "spark"
	// DiffAdd is an added line.
	DiffAdd Role = "diff-add"
	// DiffRemove is a removed line.
	DiffRemove Role = "diff-remove"
	// DiffHunk is the head of a hunk and the line numbers of a diff.
	DiffHunk Role = "diff-hunk"
)

// roleList orders the roles so that a parent stands before its children, and
// names each one's parent. Text is the only role without one.
var roleList = []struct{ role, parent Role }{
	{Text, ""},
	{Muted, Text},
	{Title, Text},
	{Header, Muted},
	{Border, Muted},
	{Accent, Text},
	{BorderFocus, Accent},
	{Selection, Text},
	{Mark, Accent},
	{Match, Accent},
	{Context, Accent},
	{Key, Accent},
	{Prompt, Accent},
	{OK, Text},
	{Notice, OK},
	{Critical, Text},
	{High, Critical},
	{Medium, High},
	{Low, Medium},
	{Info, Muted},
	{Warn, Medium},
	{Error, Critical},
	{Score0, Critical},
	{Score1, High},
	{Score2, Medium},
	{Score3, Low},
	{Score4, OK},
	{Track, Border},
	{Spark, Text},
	{DiffAdd, OK},
	{DiffRemove, Critical},
	{DiffHunk, Muted},
}

// Roles returns every role, parents before their children.
func Roles() []Role {
	roles := make([]Role, 0, len(roleList))
	for _, entry := range roleList {
		roles = append(roles, entry.role)
	}
	return roles
}

// Parent returns the role whose value r takes when a theme leaves r out. It is
// empty for Text and for a name that is no role.
func (r Role) Parent() Role {
	for _, entry := range roleList {
		if entry.role == r {
			return entry.parent
		}
	}
	return ""
}

// line reports whether the role draws lines and no letters. WCAG 2.2 (1.4.11) asks
// less of them.
func (r Role) line() bool { return r == Border || r == Track }

// known reports whether r is one of the roles.
func (r Role) known() bool {
	return r == Text || r.Parent() != ""
}

// Package nav holds the messages by which a screen asks the root for what it
// cannot do itself: show another screen, tell the user something.
// Screens never know each other; they know addresses.
//
// The package must never know a screen, nor interpret its messages: the root
// does. Add a message only if several screens send it.
package nav

import tea "charm.land/bubbletea/v2"

// OpenMsg asks for the screen at an address. The root pushes it on the stack.
type OpenMsg struct {
	// Address is the text form of an Address. A malformed or unknown one is
	// shown to the user as an error.
	Address string
}

// FailMsg tells the user that something went wrong. The program goes on.
type FailMsg struct {
	// Err is what went wrong; it is not nil.
	Err error
}

// NoticeMsg tells the user that something was done.
type NoticeMsg struct {
	// Text is one line; the root cleans it before it is shown.
	Text string
}

// CopyMsg asks for a text to be put on the clipboard.
type CopyMsg struct {
	// Text is what to copy, byte for byte.
	Text string
	// What names it to the user, as in "copied the patch".
	What string
}

// Open returns a command that sends OpenMsg.
func Open(address string) tea.Cmd {
	return func() tea.Msg { return OpenMsg{Address: address} }
}

// Fail returns a command that sends FailMsg, or no command for a nil error.
func Fail(err error) tea.Cmd {
	if err == nil {
		return nil
	}
	return func() tea.Msg { return FailMsg{Err: err} }
}

// Notice returns a command that sends NoticeMsg.
func Notice(text string) tea.Cmd {
	return func() tea.Msg { return NoticeMsg{Text: text} }
}

// Copy returns a command that sends CopyMsg.
func Copy(text, what string) tea.Cmd {
	return func() tea.Msg { return CopyMsg{Text: text, What: what} }
}

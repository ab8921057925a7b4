package keymap

// The bindings of a recording that is played.
const (
	Pause        ID = "pause"
	StepBack     ID = "step-back"
	StepOn       ID = "step-forward"
	MarkBefore   ID = "mark-before"
	MarkAfter    ID = "mark-after"
	FirstSymptom ID = "first-symptom"
	Slower       ID = "slower"
	Faster       ID = "faster"
)

// Replay is the scope of all screens while a recording of several moments is shown.
const Replay Scope = "replay"

// inReplay are its bindings.
func inReplay() []Binding {
	const replay = "A recording"
	return []Binding{
		{Pause, Replay, []string{";"}, "play the recording, or pause", "play", replay},
		{StepBack, Replay, []string{"("}, "to the moment before", "step back", replay},
		{StepOn, Replay, []string{")"}, "to the next moment", "step", replay},
		{MarkBefore, Replay, []string{"{"}, "to where an incident began or ended before", "mark before", replay},
		{MarkAfter, Replay, []string{"}"}, "to where the next incident begins or ends", "next mark", replay},
		{FirstSymptom, Replay, []string{"0"}, "to the first symptom of an incident", "symptom", replay},
		{Slower, Replay, []string{"_"}, "play it slower", "slower", replay},
		{Faster, Replay, []string{"="}, "play it faster", "faster", replay},
	}
}

package keymap

// The bindings of the screen of one object, and the copy of another form.
const (
	CopyCommand     ID = "copy-other-form"
	ShowYAML        ID = "show-yaml"
	ShowDescription ID = "show-description"
	ShowEvents      ID = "show-events"
	ShowLogs        ID = "show-logs"
	Fold            ID = "fold"
	FoldAll         ID = "fold-all"
	NextContainer   ID = "next-container"
	PreviousRun     ID = "previous-run"
	NextPod         ID = "next-pod"
	PreviousPod     ID = "previous-pod"
	Stamps          ID = "timestamps"
	FirstError      ID = "first-error"
)

// InObject is the scope of the screen of one object.
const InObject Scope = "object"

// inObject are the bindings of that screen, and those that lead to it.
func inObject() []Binding {
	const object = "An object"
	return []Binding{
		{CopyCommand, Global, []string{"Y"}, "copy the other form: the command of kubectl", "copy command", object},
		{Object, Global, []string{"o"}, "show the object: its YAML, findings marked", "object", object},
		{Events, Global, []string{"E"}, "show what happened to the object", "events", object},
		{Logs, Global, []string{"L"}, "show the logs of the object", "logs", object},

		{ShowYAML, InObject, []string{"1"}, "the YAML, with the findings marked in it", "YAML", object},
		{ShowDescription, InObject, []string{"2"}, "what the object is, in words", "describe", object},
		{ShowEvents, InObject, []string{"3"}, "events of it and of what is below it", "events", object},
		{ShowLogs, InObject, []string{"4"}, "the log of a container, followed", "logs", object},
		{Fold, InObject, []string{"z"}, "fold what the cursor is at, or unfold it", "fold", object},
		{FoldAll, InObject, []string{"Z"}, "unfold everything, or fold as at first", "unfold all", object},
		{NextContainer, InObject, []string{"c"}, "the log of the next container", "container", object},
		{PreviousRun, InObject, []string{"x"}, "the log of the run before, and back", "previous", object},
		{NextPod, InObject, []string{">"}, "the log of the next pod", "next pod", object},
		{PreviousPod, InObject, []string{"<"}, "the log of the pod before", "pod before", object},
		{Stamps, InObject, []string{"t"}, "show the times of the lines, or hide them", "times", object},
		{FirstError, InObject, []string{"e"}, "to the first line that looks like an error", "error", object},
	}
}

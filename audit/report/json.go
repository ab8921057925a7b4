package report

import (
	"encoding/json"
	"io"
)

func writeJSON(w io.Writer, d *Document) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(d)
}

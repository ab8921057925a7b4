package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptPrometheus is: prometheus FILE. A server that answers queries as Prometheus
// does is at $PROMETHEUS until the end of the script. Each line of the file is a part
// of the queries that it answers, a namespace, a pod, a container and a value; a value
// that begins with "-" and ends with "h" is a time so many hours ago.
func scriptPrometheus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: prometheus FILE")
	}
	var rows [][]string
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if row := strings.Fields(line); len(row) == 5 {
			rows = append(rows, row)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		result := []any{}
		for _, row := range rows {
			if !strings.Contains(r.FormValue("query"), row[0]) {
				continue
			}
			value := row[4]
			if ago, err := time.ParseDuration(row[4]); err == nil && ago <= 0 && strings.HasSuffix(row[4], "h") {
				value = fmt.Sprint(time.Now().Add(ago).Unix())
			}
			result = append(result, map[string]any{
				"metric": map[string]string{"namespace": row[1], "pod": row[2], "container": row[3]}, "value": []any{0, value},
			})
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": "vector", "result": result}})
	}))
	ts.Defer(server.Close)
	ts.Setenv("PROMETHEUS", server.URL)
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seaworthy-dev/seaworthy/audit/report"
)

// scriptCommands are what scripts can say beside testscript's own words. FILE is
// a file of the script, stdout or stderr.
func scriptCommands() map[string]func(ts *testscript.TestScript, neg bool, args []string) {
	return map[string]func(ts *testscript.TestScript, neg bool, args []string){
		"code":         scriptCode,
		"compress":     scriptCompress,
		"json":         scriptJSON,
		"points":       scriptPoints,
		"prometheus":   scriptPrometheus,
		"sameFindings": scriptSameFindings,
		"silence":      scriptSilence,
		"truncate":     scriptTruncate,
		"unpack":       scriptUnpack,
	}
}

// scriptCode is: code NUMBER PROGRAM [ARGUMENT]... The program exits with that
// code.
func scriptCode(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || neg {
		ts.Fatalf("usage: code NUMBER PROGRAM [ARGUMENT]...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("%q exits with %d, want %s; it says:\n%s%s", args[1:], got, args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

// scriptJSON is: json FILE PATH [VALUE]. What is at a path of a JSON file is
// there, and is the value, which is JSON. See lookup for paths.
func scriptJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: json FILE PATH [VALUE]")
	}
	var document, want any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &document))
	got, err := lookup(document, args[1])
	if len(args) == 2 {
		if neg == (err == nil) {
			ts.Fatalf("%s: it is %v, %v", args[1], got, err)
		}
		return
	}
	ts.Check(err)
	if err := json.Unmarshal([]byte(args[2]), &want); err != nil {
		ts.Fatalf("reading the value %s: %v", args[2], err)
	}
	if reflect.DeepEqual(got, want) == neg {
		ts.Fatalf("%s is %v, compared with %v", args[1], got, want)
	}
}

// lookup finds a part of a JSON document. The steps of a path are divided by
// slashes: a key; a number, counted from 0; key=value, the first element of a list
// whose key has that value; len is the length of a list.
func lookup(value any, path string) (any, error) {
	for step := range strings.SplitSeq(path, "/") {
		switch v := value.(type) {
		case map[string]any:
			found, ok := v[step]
			if !ok {
				return nil, fmt.Errorf("looking up %s: there is no %s", path, step)
			}
			value = found
		case []any:
			found, ok := element(v, step)
			if !ok {
				return nil, fmt.Errorf("looking up %s: none of %d elements is %s", path, len(v), step)
			}
			value = found
		default:
			return nil, fmt.Errorf("looking up %s: %v has no parts", path, v)
		}
	}
	return value, nil
}

func element(list []any, step string) (any, bool) {
	if step == "len" {
		return float64(len(list)), true
	}
	if key, want, ok := strings.Cut(step, "="); ok {
		for _, v := range list {
			if fields, ok := v.(map[string]any); ok && fmt.Sprint(fields[key]) == want {
				return v, true
			}
		}
		return nil, false
	}
	i, err := strconv.Atoi(step)
	if err != nil || i < 0 || i >= len(list) {
		return nil, false
	}
	return list[i], true
}

// scriptPoints is: points FILE. In a JSON report the points of the findings of
// each namespace add up to what its score lacks.
func scriptPoints(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 || neg {
		ts.Fatalf("usage: points FILE")
	}
	var d report.Document
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &d))
	scored, problems := addUp(&d)
	if scored == 0 {
		ts.Fatalf("no namespace has a score")
	}
	if len(problems) > 0 {
		ts.Fatalf("%s", strings.Join(problems, "\n"))
	}
}

// addUp counts the namespaces that have a score, and names those whose findings'
// points and categories' points do not both add up to 100 minus the score.
func addUp(d *report.Document) (scored int, problems []string) {
	lost := map[string]float64{}
	for _, f := range d.Findings {
		namespace := f.Namespace
		if namespace == "" {
			namespace = clusterScope
		}
		lost[namespace] += f.Points
	}
	for _, n := range d.Namespaces {
		if n.Score == nil {
			continue
		}
		scored++
		inCategories := 0.0
		for _, c := range n.Categories {
			inCategories += c.Points
		}
		// Scores and points have two decimals at most.
		if missing := 100 - *n.Score; math.Abs(missing-lost[n.Name]) > 0.005 || math.Abs(missing-inCategories) > 0.005 {
			problems = append(problems, fmt.Sprintf("%s lacks %.2f points: its findings cost %.2f, its categories %.2f",
				n.Name, missing, lost[n.Name], inCategories))
		}
	}
	return scored, problems
}

// clusterScope is what reports call the namespace of findings that have none.
const clusterScope = "(cluster)"

// scriptSilence is: silence FILE. There is nothing in it.
func scriptSilence(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] silence FILE")
	}
	if text := ts.ReadFile(args[0]); (text == "") == neg {
		ts.Fatalf("%s has %d bytes: %q", args[0], len(text), text)
	}
}

// scriptSameFindings is: sameFindings A B. Two JSON reports have the same
// findings, but for where they were written down, which a recording has not.
func scriptSameFindings(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: sameFindings FILE FILE")
	}
	var a, b report.Document
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &a))
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &b))
	if len(a.Findings) == 0 {
		ts.Fatalf("%s has no findings", args[0])
	}
	if diff := findingsDiff(&a, &b); diff != "" {
		ts.Fatalf("findings (-%s +%s):\n%s", args[0], args[1], diff)
	}
}

// findingsDiff compares the findings of two reports, without their places in
// files.
func findingsDiff(a, b *report.Document) string {
	return cmp.Diff(a.Findings, b.Findings, cmpopts.IgnoreUnexported(report.Finding{}), cmpopts.IgnoreFields(report.Finding{}, "Source"))
}

// scriptTruncate is: truncate FILE NEW PERCENT. The new file has the first part
// of a file.
func scriptTruncate(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 || neg {
		ts.Fatalf("usage: truncate FILE NEW PERCENT")
	}
	percent, err := strconv.Atoi(args[2])
	ts.Check(err)
	text := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text[:len(text)*percent/100]), 0o600))
}

// scriptCompress is: compress FILE NEW. The new file is the file in Zstandard, as
// recordings are.
func scriptCompress(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: compress FILE NEW")
	}
	encoder, err := zstd.NewWriter(nil)
	ts.Check(err)
	compressed := encoder.EncodeAll([]byte(ts.ReadFile(args[0])), nil)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), compressed, 0o600))
}

// scriptUnpack is: unpack FILE NEW. The new file is what a recording holds.
func scriptUnpack(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: unpack FILE NEW")
	}
	decoder, err := zstd.NewReader(nil)
	ts.Check(err)
	defer decoder.Close()
	text, err := decoder.DecodeAll([]byte(ts.ReadFile(args[0])), nil)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o600))
}

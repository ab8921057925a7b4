// Command scaffold writes the files of a new rule: its source, its examples and
// the lists that it is in. It never overwrites a file that a person wrote.
//
//	go run ./audit/rules/internal/scaffold -id my-rule -category probes
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/seaworthy-dev/seaworthy/audit/rules/internal/catalogue"
)

func main() {
	root := flag.String("root", filepath.Join("audit", "rules"), "the folder of the categories")
	id := flag.String("id", "", "the ID of the rule, a kebab-case slug")
	category := flag.String("category", "", "the folder of its category")
	flag.Parse()
	if err := catalogue.Scaffold(*root, *id, *category); err != nil {
		fmt.Fprintln(os.Stderr, "scaffold:", err)
		os.Exit(1)
	}
}

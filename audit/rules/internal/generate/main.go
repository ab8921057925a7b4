// Command generate writes the lists of rules, their tests and their table from
// what the folders of audit/rules hold. It is run by go generate in audit/rules;
// -root names another folder. It never changes what a person wrote.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/seaworthy-dev/seaworthy/audit/rules/internal/catalogue"
)

func main() {
	root := flag.String("root", ".", "the folder of the categories")
	flag.Parse()
	if err := generate(*root); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(root string) error {
	categories, err := catalogue.Scan(root)
	if err != nil {
		return err
	}
	return catalogue.Write(root, categories)
}

// Command sbom writes what a Go binary is made of: its modules, by what the binary itself
// says (debug/buildinfo), as a bill of materials in the JSON of CycloneDX 1.6.
//
//	go run ./cmd/internal/sbom BINARY DOCUMENT
//
// The same binary gives the same bytes: there is neither a time nor a random number in the
// document. A module that was replaced is named by what replaced it. Which module asked for
// which is not in a binary, and so not here.
package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sbom BINARY DOCUMENT")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(binary, document string) error {
	content, err := os.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("reading the binary: %w", err)
	}
	info, err := buildinfo.Read(bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("reading what %s was built from: %w", binary, err)
	}
	digest := sha256.Sum256(content)
	var text bytes.Buffer
	encoder := cdx.NewBOMEncoder(&text, cdx.BOMFileFormatJSON).SetPretty(true)
	if err := encoder.EncodeVersion(billOf(info, hex.EncodeToString(digest[:])), cdx.SpecVersion1_6); err != nil {
		return fmt.Errorf("writing the bill of %s: %w", binary, err)
	}
	if err := os.WriteFile(document, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing %s: %w", document, err)
	}
	return nil
}

// billOf returns the bill of a binary with a digest (SHA-256).
func billOf(info *debug.BuildInfo, digest string) *cdx.BOM {
	program := component(cdx.ComponentTypeApplication, info.Main.Path, info.Main.Version)
	program.Hashes = &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: digest}}
	var settings []cdx.Property
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS", "GOARCH", "CGO_ENABLED", "-trimpath", "vcs.revision", "vcs.time", "vcs.modified":
			settings = append(settings, cdx.Property{Name: "go:build:" + s.Key, Value: s.Value})
		}
	}
	program.Properties = &settings
	parts := []cdx.Component{component(cdx.ComponentTypeLibrary, "std", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		part := component(cdx.ComponentTypeLibrary, m.Path, m.Version)
		if m.Sum != "" { // a digest of a list of files, no digest of a file
			part.Properties = &[]cdx.Property{{Name: "go:sum", Value: m.Sum}}
		}
		parts = append(parts, part)
	}
	bill := cdx.NewBOM()
	bill.Metadata = &cdx.Metadata{Component: &program}
	bill.Components = &parts
	return bill
}

// component names a module as package-url does (golang type of the purl specification).
func component(of cdx.ComponentType, path, version string) cdx.Component {
	id := "pkg:golang/" + path
	if version != "" {
		id += "@" + strings.ReplaceAll(version, "+", "%2B")
	}
	return cdx.Component{BOMRef: id, Type: of, Name: path, Version: version, PackageURL: id}
}

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// acknowledgements keeps which incidents somebody has seen to in the user's folder for
// state, a file for each cluster. Nothing of it reaches a cluster.
type acknowledgements struct{ folder string }

// newAcknowledgements returns those in the folder for state, nil if there is none.
func newAcknowledgements(env func(string) string) screen.AcknowledgementStore {
	folder, err := stateFolder(env)
	if err != nil {
		return nil
	}
	return &acknowledgements{filepath.Join(folder, "acknowledged")}
}

// acknowledgedFile is a file of them. Its keys never change their meaning.
type acknowledgedFile struct {
	Cluster   string                 `json:"cluster"`
	Server    string                 `json:"server,omitempty"`
	Incidents []acknowledgedIncident `json:"incidents"`
}

type acknowledgedIncident struct {
	ID       string    `json:"id"`
	Severity int       `json:"severity"` // 1 to 4
	Time     time.Time `json:"time"`
}

// path is the file of a cluster: contexts of two kubeconfigs may have the same name.
func (a *acknowledgements) path(of kube.Info) string {
	digest := sha256.Sum256([]byte(of.Name + "\x00" + of.Server))
	return filepath.Join(a.folder, plainName(of.Name)+"-"+hex.EncodeToString(digest[:4])+".json")
}

// Load reads those of a cluster.
func (a *acknowledgements) Load(_ context.Context, of kube.Info) ([]screen.Acknowledgement, error) {
	text, err := os.ReadFile(a.path(of))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var file acknowledgedFile
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	if err != nil {
		return nil, fmt.Errorf("reading acknowledged incidents: %w", err)
	}
	var all []screen.Acknowledgement
	for _, i := range file.Incidents {
		all = append(all, screen.Acknowledgement{ID: i.ID, Severity: triage.Severity(i.Severity), Time: i.Time})
	}
	return all, nil
}

// Save writes those of a cluster, all at once: who reads meanwhile has the old ones.
func (a *acknowledgements) Save(_ context.Context, of kube.Info, all []screen.Acknowledgement) error {
	file := acknowledgedFile{Cluster: of.Name, Server: of.Server, Incidents: []acknowledgedIncident{}}
	for _, i := range all {
		file.Incidents = append(file.Incidents, acknowledgedIncident{i.ID, int(i.Severity), i.Time})
	}
	text, err := json.MarshalIndent(file, "", "  ")
	if err == nil {
		err = writePrivate(a.path(of), append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("keeping acknowledged incidents: %w", err)
	}
	return nil
}

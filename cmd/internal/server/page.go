package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// rest is for how many times as long as writing a page took the next one is not written:
// what changes ten times a second, and is asked for as often, takes a tenth of a core.
const rest = 9

// page is a report that is written when somebody asks for it.
type page struct {
	format   report.Format
	sections []report.Section
	turn     chan struct{} // held while it is written: who asks meanwhile gets the same
	last     *written
	stays    time.Time // until then the last one is good enough
}

func newPage(format report.Format, sections []report.Section) *page {
	return &page{format: format, sections: sections, turn: make(chan struct{}, 1)}
}

// written is a page as it was written once.
type written struct {
	of         *score.Assessment
	compressed []byte // by gzip; a report of a large cluster takes a tenth of its size
	tag        string // tells it from others, whoever wrote them
	modified   time.Time
}

// of returns the page of an assessment, or one that is hardly older.
func (p *page) of(ctx context.Context, a *score.Assessment) (*written, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if p.last != nil && (p.last.of == a || time.Now().Before(p.stays)) {
		return p.last, nil
	}
	began := time.Now()
	var body bytes.Buffer
	compress, sum := gzip.NewWriter(&body), sha256.New()
	if err := p.format.Write(io.MultiWriter(compress, sum), a, p.sections...); err != nil {
		return nil, err
	}
	if err := compress.Close(); err != nil {
		return nil, fmt.Errorf("compressing a page: %w", err)
	}
	p.last = &written{a, bytes.Clone(body.Bytes()), hex.EncodeToString(sum.Sum(nil)[:16]), a.Cluster.Time.UTC()}
	p.stays = time.Now().Add(rest * time.Since(began))
	return p.last, nil
}

// send answers a request with the page, or says that the client has it.
func (p *written) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	h.Set("Last-Modified", p.modified.Format(http.TimeFormat))
	compressed := takesGzip(r)
	tag := strconv.Quote(p.tag)
	if compressed {
		tag = strconv.Quote(p.tag + "-gzip") // other bytes have another tag (RFC 9110, 8.8.3.3)
	}
	h.Set("ETag", tag)
	switch {
	case p.has(r, tag):
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
	case compressed:
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(p.compressed)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(p.compressed) // it fails if who asked is gone
		}
	case r.Method != http.MethodHead:
		_ = p.plain(w)
	}
}

// has reports whether the client has this page already (RFC 9110, 13.1).
func (p *written) has(r *http.Request, tag string) bool {
	if held := r.Header.Get("If-None-Match"); held != "" {
		for one := range strings.SplitSeq(held, ",") {
			if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !p.modified.Truncate(time.Second).After(since)
}

// plain writes the page as it is.
func (p *written) plain(w io.Writer) error {
	in, err := gzip.NewReader(bytes.NewReader(p.compressed))
	if err == nil {
		_, err = io.Copy(w, in) //nolint:gosec // it was compressed here
	}
	if err != nil {
		return fmt.Errorf("sending a page: %w", err)
	}
	return nil
}

// takesGzip reports whether a client takes what is compressed by gzip (RFC 9110, 12.5.3).
func takesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(coding, " ", ""), ";")
		if name == "gzip" || name == "*" {
			q, err := strconv.ParseFloat(strings.TrimPrefix(weight, "q="), 64)
			return err != nil || q > 0
		}
	}
	return false
}

// compressedFor returns a writer of an answer that is not kept, and what ends it.
func compressedFor(w http.ResponseWriter, r *http.Request) (out io.Writer, done func()) {
	w.Header().Add("Vary", "Accept-Encoding")
	if !takesGzip(r) {
		return w, func() {}
	}
	w.Header().Set("Content-Encoding", "gzip")
	compress, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is one there is
	}
	return compress, func() { _ = compress.Close() }
}

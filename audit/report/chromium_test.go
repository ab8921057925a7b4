//go:build e2e

package report_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
)

// browser is a Chromium that does what it is told over two pipes: messages of the
// DevTools protocol, each ended by a zero byte. It ends with the test.
// https://chromedevtools.github.io/devtools-protocol
type browser struct {
	t       *testing.T
	session string // of the page that commands are for, "" for the browser itself
	*pipe
}

// pipe is what all pages of a browser share.
type pipe struct {
	to io.Writer

	mu      sync.Mutex
	changed *sync.Cond
	last    int                  // the number of the last command
	replies map[int]message      // not yet asked for
	events  map[string][]message // by name and page
	ended   error
}

type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// startBrowser starts the Chromium of the machine.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	commands, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, answers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command("chromium", // until the test ends, longer than its context
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	run.ExtraFiles = []*os.File{commands, answers} // 3 and 4, which it reads and writes
	if err := run.Start(); err != nil {
		t.Fatalf("starting Chromium (apt-get install chromium): %v", err)
	}
	if err := errors.Join(commands.Close(), answers.Close()); err != nil { // it has its own
		t.Fatal(err)
	}
	p := &pipe{to: to, replies: map[int]message{}, events: map[string][]message{}}
	p.changed = sync.NewCond(&p.mu)
	read := make(chan struct{})
	go func() {
		defer close(read)
		p.read(from)
	}()
	b := &browser{t: t, pipe: p}
	t.Cleanup(func() {
		// It closes the pipe rather than answer.
		if _, err := io.WriteString(to, "{\"id\":0,\"method\":\"Browser.close\"}\x00"); err != nil {
			t.Errorf("closing Chromium: %v", err)
		}
		<-read
		if err := run.Wait(); err != nil {
			t.Errorf("Chromium ended with %v", err)
		}
		if err := errors.Join(to.Close(), from.Close()); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (p *pipe) read(from io.Reader) {
	in := bufio.NewReader(from)
	for {
		text, err := in.ReadBytes(0)
		var m message
		if err == nil {
			err = json.Unmarshal(text[:len(text)-1], &m)
		}
		p.mu.Lock()
		switch {
		case err != nil:
			p.ended = fmt.Errorf("reading what Chromium says: %w", err)
		case m.ID > 0:
			p.replies[m.ID] = m
		default:
			p.events[m.Method+m.Session] = append(p.events[m.Method+m.Session], m)
		}
		p.changed.Broadcast()
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// do sends a command and puts its result into a value, if there is one.
func (b *browser) do(method string, params map[string]any, result any) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	number := b.last
	encoded, err := json.Marshal(map[string]any{"id": number, "method": method, "params": params, "sessionId": b.session})
	if b.session == "" {
		encoded, err = json.Marshal(map[string]any{"id": number, "method": method, "params": params})
	}
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(encoded, 0)); err != nil {
		b.t.Fatalf("telling Chromium %s: %v", method, err)
	}
	for {
		if m, ok := b.replies[number]; ok {
			delete(b.replies, number)
			if m.Error != nil {
				b.t.Fatalf("%s: %s", method, m.Error)
			}
			if result != nil {
				if err := json.Unmarshal(m.Result, result); err != nil {
					b.t.Fatalf("%s gave %.200s: %v", method, m.Result, err)
				}
			}
			return
		}
		if b.ended != nil {
			b.t.Fatalf("%s: %v", method, b.ended)
		}
		b.changed.Wait()
	}
}

// in returns the browser for another test, which a failure belongs to.
func (b *browser) in(t *testing.T) *browser {
	t.Helper()
	return &browser{t: t, session: b.session, pipe: b.pipe}
}

// said returns the events of the page with a name, so far.
func (b *browser) said(method string) []message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.events[method+b.session]
}

// await waits until the page has said something.
func (b *browser) await(method string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.events[method+b.session]) == 0 {
		if b.ended != nil {
			b.t.Fatalf("waiting for %s: %v", method, b.ended)
		}
		b.changed.Wait()
	}
}

// open loads a page in a tab of its own, as wide as a screen, after some commands.
func (b *browser) open(url string, width, height int, before ...func(*browser)) *browser {
	b.t.Helper()
	var target struct{ TargetID, SessionID string }
	b.do("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.do("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	tab := &browser{t: b.t, session: target.SessionID, pipe: b.pipe}
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		tab.do(domain+".enable", nil, nil)
	}
	tab.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	for _, do := range before {
		do(tab)
	}
	tab.do("Page.navigate", map[string]any{"url": url}, nil)
	tab.await("Page.loadEventFired")
	return tab
}

// media sets what the style is asked for: "screen" or "print", and "light" or "dark".
func media(kind, scheme string) func(*browser) {
	return func(b *browser) {
		b.do("Emulation.setEmulatedMedia", map[string]any{
			"media": kind, "features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}},
		}, nil)
	}
}

// eval has the page work out an expression; a promise is waited for.
func (b *browser) eval(expression string, result any) {
	b.t.Helper()
	var got struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	b.do("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}, &got)
	if got.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, got.ExceptionDetails)
	}
	if result == nil {
		return
	}
	if err := json.Unmarshal(got.Result.Value, result); err != nil {
		b.t.Fatalf("%s is %.200s: %v", expression, got.Result.Value, err)
	}
}

// key presses a key and lets it go.
func (b *browser) key(name string, code int) {
	b.t.Helper()
	for _, kind := range []string{"rawKeyDown", "keyUp"} {
		b.do("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code}, nil)
	}
}

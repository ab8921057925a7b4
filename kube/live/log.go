package live

import (
	"context"
	"io"
	"log"

	"k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
	"k8s.io/klog/v2/textlogger"
)

// RedirectLogs sends to a writer what client-go and the standard log package
// would print on standard error. It changes the whole process and is not safe
// to call while anything logs: call it once, first thing.
func RedirectLogs(w io.Writer) {
	klog.LogToStderr(false)
	klog.SetOutput(w)
	log.SetOutput(w)
}

// OnPanic has a function told of each panic of a goroutine of client-go, which would
// end the process: a function that does not return keeps it from doing so. Like
// [RedirectLogs] it changes the whole process: call it once, before a Watch begins.
func OnPanic(tell func(value any)) {
	runtime.PanicHandlers = append(runtime.PanicHandlers, func(_ context.Context, value any) { tell(value) })
}

// logger returns what client-go logs to within a Watch.
func logger(line func(string)) klog.Logger {
	return textlogger.NewLogger(textlogger.NewConfig(textlogger.Output(lines(line))))
}

// lines is an [io.Writer] that hands each write over as a line, as loggers
// write.
type lines func(string)

// Write hands over a line; it never fails.
func (l lines) Write(p []byte) (int, error) {
	l(oneLine(string(p)))
	return len(p), nil
}

// warnings hands the warnings of API servers, which come as response headers,
// to a log.
type warnings func(string)

var _ rest.WarningHandlerWithContext = warnings(nil)

// HandleWarningHeaderWithContext is called for each warning; 299 is the code of
// those that are meant for people (RFC 7234 §5.5).
func (w warnings) HandleWarningHeaderWithContext(_ context.Context, code int, _, text string) {
	if code == 299 && text != "" {
		w("the server warns: " + oneLine(text))
	}
}

// Command nghe is a counsellor in a chat window for the rural workers of
// Quảng Ninh: trades, classes, training support and loans.
//
// “nghe help” explains its commands; package cli has them.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"nghe/cli"
	"nghe/crash"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program with everything it gets from outside; tests start
// it the same way. It gives the exit code.
func run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return cli.Run(ctx, &cli.Process{
		Args: args, Environ: environ, Stdin: stdin, Stdout: stdout, Stderr: stderr, Now: crash.Now,
	})
}

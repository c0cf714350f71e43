// Package deploy is what an operator needs beside the program: how to run it in
// containers, under systemd, in a cluster; what to watch and when to wake up.
// README.md says what is what. There is no code here but the test that holds
// these files to the program: its settings, its metrics, its commands.
package deploy

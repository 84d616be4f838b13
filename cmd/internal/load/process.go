package load

import (
	"fmt"
	"slices"

	"github.com/prometheus/procfs"

	"github.com/facekeep/facekeep/face"
)

// Process is the server, as this machine sees it: several processes where they share
// its port.
type Process []procfs.Proc

// ProcessOf returns the process of an id, or NotFound.
func ProcessOf(pid int) (Process, error) {
	p, err := procfs.NewProc(pid)
	if err != nil {
		return nil, face.Wrap(face.NotFound, err, fmt.Sprintf("there is no process %d to be seen here", pid))
	}
	return Process{p}, nil
}

// stateListen is that of a socket in /proc/net/tcp.
const stateListen = 0x0a

// ListenerOn returns the processes that listen on a TCP port of this machine. NotFound
// says that there are none, or that they are not to be seen.
func ListenerOn(port int) (Process, error) {
	fs, err := procfs.NewDefaultFS()
	if err != nil {
		return nil, face.Wrap(face.NotFound, err, "there is no /proc here")
	}
	sockets := listeners(fs, uint64(port))
	all, err := fs.AllProcs()
	if err != nil {
		return nil, face.Wrap(face.NotFound, err, "the processes cannot be listed")
	}
	var found Process
	for _, p := range all {
		open, err := p.FileDescriptorTargets()
		if err == nil && slices.ContainsFunc(open, func(target string) bool { return slices.Contains(sockets, target) }) {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return nil, face.Errorf(face.NotFound, "no process that can be seen here listens on port %d", port)
	}
	return found, nil
}

// listeners returns the sockets on a port, in the words of /proc/PID/fd.
func listeners(fs procfs.FS, port uint64) (sockets []string) {
	add := func(local, state, inode uint64) {
		if local == port && state == stateListen {
			sockets = append(sockets, fmt.Sprintf("socket:[%d]", inode))
		}
	}
	if lines, err := fs.NetTCP(); err == nil { //nolint:staticcheck // by netlink it would cost a module, and tell no more of a handful of sockets
		for _, l := range lines {
			add(l.LocalPort, l.St, l.Inode)
		}
	}
	if lines, err := fs.NetTCP6(); err == nil { //nolint:staticcheck // by netlink it would cost a module, and tell no more of a handful of sockets
		for _, l := range lines {
			add(l.LocalPort, l.St, l.Inode)
		}
	}
	return sockets
}

// cpu returns the processor time used so far, in seconds. A process that is gone is an
// error.
func (p Process) cpu() (seconds float64, err error) {
	for _, one := range p {
		stat, err := one.Stat()
		if err != nil {
			return 0, err
		}
		seconds += stat.CPUTime()
	}
	return seconds, nil
}

// rss returns the memory that is in use, in bytes.
func (p Process) rss() (bytes uint64) {
	for _, one := range p {
		if stat, err := one.Stat(); err == nil {
			bytes += uint64(stat.ResidentMemory())
		}
	}
	return bytes
}

// peak returns the most memory that was in use since the start, in bytes.
func (p Process) peak() (bytes uint64) {
	for _, one := range p {
		if status, err := one.NewStatus(); err == nil {
			bytes += status.VmHWM
		}
	}
	return bytes
}

# Runs a program with standard error on a terminal of so many columns, which may change while it runs, and prints what
# the terminal was sent. Arguments: columns, columns after some bars, program, its arguments.
import fcntl, os, pty, struct, subprocess, sys, termios, threading

# The number of bars before the terminal changes, so that the result does not depend on the speed of the machine.
BARS = 5

first, then = (struct.pack("HHHH", 24, int(columns), 0, 0) for columns in sys.argv[1:3])
terminal, end = pty.openpty()
fcntl.ioctl(end, termios.TIOCSWINSZ, first)
running = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=end)
threading.Thread(target=lambda: (running.wait(), os.close(end)), daemon=True).start()
sent = b""
while True:
    if sent.count(b"%  ") >= BARS:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, then)
    try:
        told = os.read(terminal, 65536)
    except OSError:
        break
    if not told:
        break
    sent += told
sys.stdout.buffer.write(sent)

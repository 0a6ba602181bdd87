# Runs a program with standard error on a terminal of so many rows and columns, which may change while it runs. Prints as JSON
# what the terminal was sent, and what it showed: each screen that differs from the one before. Arguments: rows, columns,
# columns after some bars, program, its arguments.
import fcntl, json, os, pty, select, struct, subprocess, sys, termios, threading

import pyte

# The number of bars before the terminal changes, so that the result does not depend on the speed of the machine.
BARS = 5

rows, columns, later = map(int, sys.argv[1:4])
first, then = (struct.pack("HHHH", rows, width, 0, 0) for width in (columns, later))
screen = pyte.Screen(columns, rows)
stream = pyte.ByteStream(screen)
terminal, end = pty.openpty()
fcntl.ioctl(end, termios.TIOCSWINSZ, first)
running = subprocess.Popen(sys.argv[4:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=end)
threading.Thread(target=lambda: (running.wait(), os.close(end)), daemon=True).start()
sent, screens = b"", []


def show():
    shown = [line.rstrip() for line in screen.display]
    if not screens or screens[-1] != shown:
        screens.append(shown)


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
    stream.feed(told)
    # A terminal hands on a write in pieces.
    if not select.select([terminal], [], [], 0.003)[0]:
        show()
show()
print(json.dumps({"sent": sent.decode(), "screens": screens}))

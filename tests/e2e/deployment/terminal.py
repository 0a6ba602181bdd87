# Runs a program with standard error on a terminal of so many columns, which may change while it runs, and prints what
# the terminal was sent. Arguments: columns, columns after a second, program, its arguments.
import fcntl, os, pty, struct, subprocess, sys, termios, threading

first, then = (struct.pack("HHHH", 24, int(columns), 0, 0) for columns in sys.argv[1:3])
terminal, end = pty.openpty()
fcntl.ioctl(end, termios.TIOCSWINSZ, first)
threading.Timer(1.0, lambda: fcntl.ioctl(end, termios.TIOCSWINSZ, then)).start()
running = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=end)
threading.Thread(target=lambda: (running.wait(), os.close(end)), daemon=True).start()
while True:
    try:
        told = os.read(terminal, 65536)
    except OSError:
        break
    if not told:
        break
    sys.stdout.buffer.write(told)

import Foundation
import Glibc

/// A started process with its pipes. Used by one thread.
struct RunningProcess {
    private let id: pid_t
    private let input: Int32
    private let output: Int32
    private let errors: Int32

    private static let replyLimit = 16 << 20
    private static let markLength = 8

    /// - Parameter arguments: the program's path, and its arguments.
    init(_ arguments: [String]) throws {
        // A write to a process that has ended must be an error here, not the end of this process.
        var brokenPipe = sigset_t()
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)

        let (toChild, fromChild, complaints) = try Pipe.three()
        defer { [toChild.reading, fromChild.writing, complaints.writing].forEach { close($0) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild.reading, 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild.writing, 1)
        posix_spawn_file_actions_adddup2(&actions, complaints.writing, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        // Its own process group: Ctrl-C at a terminal goes to the program, which ends its workers itself.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

        var pointers = arguments.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var started: pid_t = 0
        let problem = posix_spawn(&started, arguments[0], &actions, &attributes, &pointers, &environment)
        (input, output, errors) = (toChild.writing, fromChild.reading, complaints.reading)
        id = started
        guard problem == 0 else {
            [input, output, errors].forEach { close($0) }
            let words = "\(arguments[0]): \(String(cString: strerror(problem)))"
            throw [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(problem)
                ? WorkerFailure.notStarted(words) : WorkerFailure.ended(words)
        }
        for descriptor in [input, output, errors] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
    }

    /// Sends a message and reads the reply. Each begins with its length and a mark: a reply that was written before its message, or a
    /// second one, has another mark.
    func exchange(_ message: [UInt8], timeLimit: Duration) throws -> WorkerReply {
        let deadline = ReplyDeadline(of: id, timeLimit)
        let mark = (0..<Self.markLength).map { _ in UInt8.random(in: 0...255) }
        try write(Self.length(message.count + mark.count) + mark + message, until: deadline)
        let count = try read(4, until: deadline).reduce(0) { $0 << 8 | Int($1) }
        guard count <= Self.replyLimit else { throw WorkerFailure.outputTooLarge }
        guard count >= mark.count, try read(mark.count, until: deadline) == mark else {
            throw WorkerFailure.protocolViolation
        }
        return WorkerReply(bytes: try read(count - mark.count, until: deadline), took: deadline.elapsed)
    }

    /// Sends bytes with their length in front.
    func send(_ bytes: [UInt8], timeLimit: Duration) throws {
        try write(Self.length(bytes.count) + bytes, until: ReplyDeadline(of: id, timeLimit))
    }

    /// Reads everything that the process writes until it ends.
    func output(timeLimit: Duration) throws -> [UInt8] {
        let deadline = ReplyDeadline(of: id, timeLimit)
        var bytes: [UInt8] = []
        while true {
            var part = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(output, &part, part.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += part[..<count]
            } else {
                try wait(for: output, POLLIN, until: deadline, result: count)
            }
        }
    }

    /// Seconds of computing time that it has used.
    var processorSeconds: Int {
        var clock = clockid_t()
        var used = timespec()
        guard clock_getcpuclockid(id, &clock) == 0, clock_gettime(clock, &used) == 0 else { return 0 }
        return used.tv_sec
    }

    /// Kills the process and waits until it is gone.
    func end() {
        kill(id, SIGKILL)
        var status: Int32 = 0
        while waitpid(id, &status, 0) == -1, errno == EINTR {}
        [input, output, errors].forEach { close($0) }
    }

    private static func length(_ count: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
    }

    private func write(_ bytes: [UInt8], until deadline: ReplyDeadline) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(input, $0.baseAddress?.advanced(by: sent), $0.count - sent)
            }
            if count > 0 { sent += count } else { try wait(for: input, POLLOUT, until: deadline, result: count) }
        }
    }

    private func read(_ count: Int, until deadline: ReplyDeadline) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            let part = bytes.withUnsafeMutableBytes {
                Glibc.read(output, $0.baseAddress?.advanced(by: received), count - received)
            }
            if part > 0 { received += part } else { try wait(for: output, POLLIN, until: deadline, result: part) }
        }
        return bytes
    }

    private func wait(for descriptor: Int32, _ events: Int32, until deadline: ReplyDeadline, result: Int)
        throws
    {
        guard result < 0, errno == EAGAIN || errno == EINTR else { throw WorkerFailure.ended(lastWords) }
        let left = deadline.left
        guard left > .zero else { throw WorkerFailure.timedOut }
        let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        _ = poll(&entry, 1, Int32(clamping: milliseconds + 1))
    }

    /// The beginning of what the process wrote to standard error.
    private var lastWords: String {
        var bytes = [UInt8](repeating: 0, count: 2000)
        let count = max(0, Glibc.read(errors, &bytes, bytes.count))
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return text.split(separator: "\n").last.map(String.init) ?? "it ended without a message"
    }

    private struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else {
                throw WorkerFailure.notStarted("no pipe: \(String(cString: strerror(errno)))")
            }
            // Another worker that starts at this moment may inherit them; the launcher closes what it does not know.
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (reading, writing) = (ends[0], ends[1])
        }

        /// All three, or none.
        static func three() throws -> (Pipe, Pipe, Pipe) {
            var pipes: [Pipe] = []
            do {
                for _ in 0..<3 { pipes.append(try Pipe()) }
            } catch {
                for pipe in pipes { [pipe.reading, pipe.writing].forEach { close($0) } }
                throw error
            }
            return (pipes[0], pipes[1], pipes[2])
        }
    }
}

import Foundation
import Glibc

/// What is started for a worker.
struct WorkerCommand: Sendable {
    /// The launcher that takes every right away.
    let launcher: String
    let python: String
    /// Bytes of address space.
    let memory: Int

    /// Reads its program from standard input: nothing of ours needs to be readable to the user that it runs as.
    private static let bootstrap = """
        import os
        n = int.from_bytes(os.read(0, 4), "big")
        b = b""
        while len(b) < n: b += os.read(0, n - len(b))
        exec(compile(b, "worker.py", "exec"))
        """

    var arguments: [String] {
        [launcher, "--memory", "\(memory)", "--", python, "-I", "-S", "-c", Self.bootstrap]
    }
}

/// A started process with its pipes. Used by one thread.
struct RunningProcess {
    private let id: pid_t
    private let input: Int32
    private let output: Int32
    private let errors: Int32

    private static let replyLimit = 64 << 20

    init(_ command: WorkerCommand) throws {
        // A write to a process that has ended must be an error here, not the end of us.
        var brokenPipe = sigset_t()
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)

        let toChild = try Pipe()
        let fromChild = try Pipe()
        let complaints = try Pipe()
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
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var arguments = command.arguments.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var started: pid_t = 0
        let problem = posix_spawn(&started, command.launcher, &actions, &attributes, &arguments, &environment)
        (input, output, errors) = (toChild.writing, fromChild.reading, complaints.reading)
        id = started
        guard problem == 0 else {
            [input, output, errors].forEach { close($0) }
            throw WorkerFailure.ended("\(command.launcher): \(String(cString: strerror(problem)))")
        }
        for descriptor in [input, output, errors] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
    }

    /// Sends a message with its length in front, and reads the reply of the same form.
    func exchange(_ message: [UInt8], timeLimit: Duration) throws -> [UInt8] {
        let deadline = ContinuousClock.now + timeLimit
        try send(message, timeLimit: timeLimit)
        let head = try read(4, until: deadline)
        let count = head.reduce(0) { $0 << 8 | Int($1) }
        guard count <= Self.replyLimit else { throw WorkerFailure.flooded }
        return try read(count, until: deadline)
    }

    /// Sends a message with its length in front.
    func send(_ message: [UInt8], timeLimit: Duration) throws {
        try write(Self.length(message.count) + message, until: ContinuousClock.now + timeLimit)
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

    private func write(_ bytes: [UInt8], until deadline: ContinuousClock.Instant) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(input, $0.baseAddress?.advanced(by: sent), $0.count - sent)
            }
            if count > 0 { sent += count } else { try wait(for: input, POLLOUT, until: deadline, result: count) }
        }
    }

    private func read(_ count: Int, until deadline: ContinuousClock.Instant) throws -> [UInt8] {
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

    private func wait(for descriptor: Int32, _ events: Int32, until deadline: ContinuousClock.Instant, result: Int)
        throws
    {
        guard result < 0, errno == EAGAIN || errno == EINTR else { throw WorkerFailure.ended(lastWords) }
        let left = deadline - ContinuousClock.now
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
        return text.split(separator: "\n").last.map(String.init) ?? "it ended without a word"
    }

    private struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else {
                throw WorkerFailure.ended("no pipe: \(String(cString: strerror(errno)))")
            }
            // Another worker that starts at this moment may inherit them; the launcher closes what it does not know.
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (reading, writing) = (ends[0], ends[1])
        }
    }
}

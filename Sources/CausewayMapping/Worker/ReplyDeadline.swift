import Glibc

/// Until when a process must have answered.
///
/// Time in which it waits for a processor does not count: on a busy machine, expressions would fail that have nothing wrong with them.
struct ReplyDeadline {
    private let process: pid_t
    private let limit: Duration
    private let began = ContinuousClock.now
    private let delayBefore: Duration

    /// How many times the limit passes in any case before it ends.
    private static let most = 10

    init(of process: pid_t, _ limit: Duration) {
        (self.process, self.limit) = (process, limit)
        delayBefore = Self.delay(of: process)
    }

    /// The time that counts since it began.
    var elapsed: Duration { counted(.now - began) }

    /// What is left; zero once it has ended.
    var left: Duration {
        let passed = ContinuousClock.now - began
        // Most answers come in time, and what the kernel has counted is not read.
        guard passed >= limit else { return limit - passed }
        return max(.zero, limit - counted(passed))
    }

    private func counted(_ passed: Duration) -> Duration {
        Self.counted(of: passed, delayed: Self.delay(of: process) - delayBefore, limit)
    }

    /// The part of some time that counts.
    static func counted(of passed: Duration, delayed: Duration, _ limit: Duration) -> Duration {
        passed >= limit * most ? passed : max(.zero, passed - delayed)
    }

    /// How long a process has been ready without getting a processor (Linux, sched-stats: the second number); zero if the kernel does
    /// not say.
    static func delay(of process: pid_t) -> Duration {
        let file = open("/proc/\(process)/schedstat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return .zero }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(file, &bytes, bytes.count)
        let numbers = bytes.prefix(max(0, count)).split { $0 == UInt8(ascii: " ") }
        guard numbers.count > 1, let delay = Int64(String(decoding: numbers[1], as: UTF8.self)) else { return .zero }
        return .nanoseconds(delay)
    }
}

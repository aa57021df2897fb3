import Logging
import Synchronization

/// Counts connections, in total and by address, and says which are too many.
final class ConnectionCensus: Sendable {
    fileprivate struct State {
        var all = 0
        var byAddress: [String: Int] = [:]
        /// Refused since the last line in the log.
        var refused = 0
        var lastLine: ContinuousClock.Instant?
    }

    private let limits: NetworkLimits
    private let logger: Logger
    private let state = Mutex(State())

    /// How often a flood of connections makes a line in the log.
    fileprivate static let linePause: Duration = .seconds(10)

    init(limits: NetworkLimits, logger: Logger) { (self.limits, self.logger) = (limits, logger) }

    /// Whether a connection is served. Each that began must end.
    func begin(_ address: String) -> Bool {
        let (isServed, refused) = state.withLock { state in
            state.all += 1
            state.byAddress[address, default: 0] += 1
            let ofAddress = state.byAddress[address] ?? 0
            guard state.all > limits.connections || limits.connectionsPerAddress.map({ ofAddress > $0 }) ?? false else {
                return (true, nil as Int?)
            }
            return (false, state.refusal())
        }
        if let refused {
            logger.warning(
                "connections refused",
                metadata: [
                    "refused": "\(refused)", "latest": "\(address)", "most": "\(limits.connections)",
                    "most_of_one_address": "\(limits.connectionsPerAddress.map(String.init) ?? "any")",
                ]
            )
        }
        return isServed
    }

    func end(_ address: String) {
        state.withLock { state in
            state.all -= 1
            let left = (state.byAddress[address] ?? 1) - 1
            state.byAddress[address] = left > 0 ? left : nil
        }
    }
}

extension ConnectionCensus.State {
    /// - Returns: how many were refused since the last line in the log, if it is time for one.
    fileprivate mutating func refusal() -> Int? {
        refused += 1
        guard lastLine.map({ $0 + ConnectionCensus.linePause < .now }) ?? true else { return nil }
        defer { (refused, lastLine) = (0, .now) }
        return refused
    }
}

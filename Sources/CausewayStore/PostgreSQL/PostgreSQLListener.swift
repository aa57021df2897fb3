import CLibpq
import Dispatch
import Glibc
import Synchronization

/// Hears, on a thread and a connection of its own, that another program has added to the journal. It only saves time: all that follow the
/// journal also look by themselves, and what is announced while the connection is lost is not missed.
///
/// Source: https://www.postgresql.org/docs/15/libpq-notify.html
final class PostgreSQLListener: Sendable {
    private let address: PostgreSQLAddress
    private let isEnded = Atomic(false)

    /// Between two looks whether it has ended, in milliseconds.
    private static let patience: Int32 = 200
    /// Before it connects again, in seconds.
    private static let pause: UInt32 = 2

    init(_ address: PostgreSQLAddress) { self.address = address }

    /// Listens until the task is canceled.
    func run(_ heard: @escaping @Sendable () -> Void) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                DispatchQueue(label: "causeway.postgresql.listener").async { [self] in
                    while !isEnded.load(ordering: .relaxed) {
                        listen(heard)
                        if !isEnded.load(ordering: .relaxed) { sleep(Self.pause) }
                    }
                    continuation.resume()
                }
            }
        } onCancel: {
            isEnded.store(true, ordering: .relaxed)
        }
    }

    /// Returns when the connection is lost, or it is to end.
    private func listen(_ heard: () -> Void) {
        guard let connection = try? address.connect() else { return }
        defer { PQfinish(connection) }
        let answer = PQexec(connection, "LISTEN \(SQLDialect.channel)")
        defer { PQclear(answer) }
        guard PQresultStatus(answer) == PGRES_COMMAND_OK else { return }
        while !isEnded.load(ordering: .relaxed), PQstatus(connection) == CONNECTION_OK {
            var watched = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, Self.patience) > 0 else { continue }
            guard PQconsumeInput(connection) == 1 else { return }
            var hasHeard = false
            while let message = PQnotifies(connection) {
                PQfreemem(message)
                hasHeard = true
            }
            if hasHeard { heard() }
        }
    }
}

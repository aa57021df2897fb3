import CausewayTestSupport
import Foundation
import Synchronization

/// Three servers in processes of their own on one database, each behind a relay that can be stopped. What ends is started again.
final class NodeCluster: Sendable {
    static let names = ["ada", "bert", "cleo"]

    private let folder: URL
    private let database: String
    private let environment: [String: String]
    /// The processes by name: nodes, and relays as `NAME relay`.
    private let processes = Mutex<[String: Int32]>([:])

    /// - Parameter database: the address, with the folder of the server's socket as `host`.
    init(in folder: URL, database: String, environment: [String: String]) {
        (self.folder, self.database, self.environment) = (folder, database, environment)
    }

    /// Runs the nodes during the body.
    func run<Value: Sendable>(_ body: @Sendable @escaping () async throws -> Value) async throws -> Value {
        for name in Self.names {
            try FileManager.default.createDirectory(at: relay(name), withIntermediateDirectories: true)
        }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            for name in Self.names {
                group.addTask {
                    await self.keepRelay(of: name)
                    return nil
                }
                group.addTask {
                    await self.keepNode(name)
                    return nil
                }
            }
            group.addTask { try await body() }
            defer {
                for process in self.processes.withLock({ Array($0.values) }) { kill(process, SIGCONT) }
                group.cancelAll()
            }
            while let end = try await group.next() {
                if let value = end { return value }
            }
            throw CancellationError()
        }
    }

    /// Waits until the process of a name runs.
    func process(_ name: String) async throws -> Int32 {
        while true {
            if let process = processes.withLock({ $0[name] }) { return process }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func keepNode(_ name: String) async {
        let own = database.replacing(/host=[^&]*/, with: "host=\(relay(name).path)")
        let arguments = [
            "serve", "--listen", "127.0.0.1:0", "--node-name", name, "--data", folder.appending(path: name).path,
            "--database", own,
        ]
        await keep(name, arguments, at: Program.url, environment)
    }

    private func keepRelay(of name: String) async {
        let socket = ".s.PGSQL.5432"
        let server = database.firstMatch(of: /host=([^&]*)/).map { String($0.1) } ?? ""
        let script = folder.appending(path: "relay.py")
        try? Data(Self.relayProgram.utf8).write(to: script)
        let arguments = [script.path, relay(name).appending(path: socket).path, "\(server)/\(socket)"]
        await keep("\(name) relay", arguments, at: URL(filePath: "/usr/bin/python3"), [:])
    }

    private func relay(_ name: String) -> URL { folder.appending(path: "\(name)-relay") }

    private func keep(_ name: String, _ arguments: [String], at program: URL, _ environment: [String: String]) async {
        while !Task.isCancelled {
            _ = try? await RunningProgram.with(arguments, at: program, environment: environment) { running in
                self.processes.withLock { $0[name] = running.id }
                defer { self.processes.withLock { $0[name] = nil } }
                while !running.hasEnded { try await Task.sleep(for: .milliseconds(50)) }
            }
        }
    }

    /// Passes bytes between two sockets. Stopped, it is a network that loses everything.
    private static let relayProgram = """
        import os, socket, sys, threading

        def pass_on(source, target):
            try:
                while data := source.recv(65536):
                    target.sendall(data)
            except OSError:
                pass
            for end in (source, target):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

        if os.path.exists(sys.argv[1]):
            os.unlink(sys.argv[1])
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(sys.argv[1])
        listener.listen(64)
        while True:
            client, _ = listener.accept()
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(sys.argv[2])
            except OSError:
                client.close()
                continue
            for pair in ((client, server), (server, client)):
                threading.Thread(target=pass_on, args=pair, daemon=True).start()
        """
}

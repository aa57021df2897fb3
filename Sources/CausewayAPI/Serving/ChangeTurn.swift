import CausewayStore
import Foundation
import HTTPTypes

/// Makes changes of an object that depend on what it is at present one after the other, on all nodes of the database.
struct ChangeTurn: Sendable {
    let store: Store
    /// The path of the object.
    let object: String

    /// After this time, the turn of a node that died ends. A change takes far less.
    private static let time: Duration = .seconds(30)
    /// How long it waits for others.
    private static let patience: Duration = .seconds(40)
    private static let pause: Duration = .milliseconds(20)

    /// - Throws: ``APIError`` with status 503 if others do not end, and what the change throws.
    func run<Value: Sendable>(_ change: () async throws -> Value) async throws -> Value {
        let holder = UUID().uuidString.lowercased()
        try await take(as: holder)
        let result: Result<Value, any Error>
        do { result = .success(try await change()) } catch { result = .failure(error) }
        // The task may be canceled, and the store refuses canceled tasks. A turn that cannot be ended ends by itself.
        await Task { _ = try? await store.write { try $0.endTurn(of: holder) } }.value
        return try result.get()
    }

    private func take(as holder: String) async throws {
        let end = ContinuousClock.now + Self.patience
        while try await !store.write({ try $0.takeTurn(for: object, holder: holder, time: Self.time) }) {
            guard ContinuousClock.now < end else {
                throw APIError.detail(.serviceUnavailable, "Other changes of this are in progress; try again.")
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}

import CausewayModel
import CausewayStore
import Foundation

/// Makes changes of an object that depend on what it is at present one after the other, on all nodes of the database.
struct ChangeTurn: Sendable {
    let store: Store
    /// The object, spelled in one way.
    let object: String
    /// After this time, others no longer wait: the node may have died. What a change that takes longer writes after the next one has begun
    /// is refused.
    var time: Duration = .seconds(30)
    /// How long it waits for others.
    var patience: Duration = .seconds(40)

    /// Between two looks whether it is its turn: the pauses grow.
    private static let shortestPause: Duration = .milliseconds(20)
    private static let longestPause: Duration = .milliseconds(500)

    /// - Parameter change: makes the change, with the name of the one who must have the turn for its writes (``Store/inTurn(of:)``).
    /// - Throws: `StoreError` of code `turnTaken` if others do not end, and what the change throws.
    func run<Value: Sendable>(_ change: (_ holder: String) async throws -> Value) async throws -> Value {
        let holder = UUID().uuidString.lowercased()
        try await take(as: holder)
        let result: Result<Value, any Error>
        do { result = .success(try await change(holder)) } catch { result = .failure(error) }
        // The task may be canceled, and the store refuses canceled tasks. A turn that cannot be ended ends by itself.
        await Task { _ = try? await store.write { try $0.endTurn(of: holder) } }.value
        return try result.get()
    }

    private func take(as holder: String) async throws {
        let end = ContinuousClock.now + patience
        var pause = Self.shortestPause
        while try await !succeeds(as: holder) {
            guard ContinuousClock.now < end else { throw StoreError.turnTaken }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Those who wait do not write, so that they keep no other writer waiting.
    private func succeeds(as holder: String) async throws -> Bool {
        guard try await !store.read({ try $0.isTurnTaken(for: object) }) else { return false }
        return try await store.write { try $0.takeTurn(for: object, holder: holder, time: time) }
    }
}

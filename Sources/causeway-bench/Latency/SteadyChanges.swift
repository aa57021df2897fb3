import CausewayJSON
import CausewayModel
import CausewayStore

/// A source that changes users at a steady rate, some in each transaction, until its task is canceled.
struct SteadyChanges {
    let store: Store
    let people: [ChangeSeries.Person]
    /// How many changes a second it aims at.
    let rate: Int

    /// How many a transaction has.
    private static let part = 50

    /// - Returns: what it has done.
    func run() async throws -> [String: JSONValue] {
        let began = ContinuousClock.now
        var made = 0
        while !Task.isCancelled, !people.isEmpty {
            let due = began + .seconds(Double(made) / Double(max(1, rate)))
            if ContinuousClock.now < due { try? await Task.sleep(until: due) }
            do { try await change(from: made) } catch  where Task.isCancelled { break }
            made += Self.part
        }
        let seconds = (ContinuousClock.now - began).seconds
        return [
            "changes": .integer(Int64(made)), "wanted_per_second": .integer(Int64(rate)),
            "changes_per_second": .number(Double(made) / max(seconds, 0.001)),
        ]
    }

    /// Goes through the users again and again; each time they get another name.
    private func change(from start: Int) async throws {
        try await store.write { [people] transaction in
            for number in start..<start + Self.part {
                let person = people[number % people.count]
                var profile = person.profile
                profile.name += " \(number / people.count + 1)"
                try transaction.updateUser(person.id, to: profile)
            }
        }
    }
}

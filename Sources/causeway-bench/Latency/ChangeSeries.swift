import CausewayModel
import CausewayStore

/// Single changes, one user after the other, and how long each takes to the tenant and back.
struct ChangeSeries {
    let store: Store
    let watch: WriteWatch

    /// A user and the account in Entra.
    struct Person: Sendable {
        let id: UserID
        let account: String
        let profile: UserProfile
    }

    /// What was measured, in milliseconds.
    struct Times: Sendable {
        /// From the end of the transaction with the change to the request.
        var toRequest: [Double] = []
        /// From the same moment to the answer.
        var toAnswer: [Double] = []
        /// Whether a change had not come back in time, so that the series ended there.
        var isCutShort = false
    }

    /// How long a change may take.
    static let patience = Duration.seconds(60)
    private static let rest = Duration.milliseconds(50)
    private static let look = Duration.milliseconds(1)

    /// Each change waits for the one before; the first opens the tenant's session and does not count.
    func run(_ people: some Sequence<Person>) async throws -> Times {
        var times = Times()
        for (number, person) in people.enumerated() {
            watch.begin(person.account)
            let end = try await change(person)
            guard let passage = try await passage(since: end) else {
                times.isCutShort = true
                break
            }
            if number > 0 {
                times.toRequest.append((passage.departure - end).seconds * 1000)
                times.toAnswer.append((passage.answer - end).seconds * 1000)
            }
            try await Task.sleep(for: Self.rest)
        }
        return times
    }

    /// - Returns: when all was done but the commit itself, which therefore counts.
    private func change(_ person: Person) async throws -> ContinuousClock.Instant {
        var profile = person.profile
        profile.name += " Ångström"
        return try await store.write { [profile] transaction in
            try transaction.updateUser(person.id, to: profile)
            return .now
        }
    }

    /// - Returns: nil if the answer is not there in time.
    private func passage(since start: ContinuousClock.Instant) async throws -> WriteWatch.Passage? {
        while ContinuousClock.now - start < Self.patience {
            if let passage = watch.passage { return passage }
            try await Task.sleep(for: Self.look)
        }
        return nil
    }
}

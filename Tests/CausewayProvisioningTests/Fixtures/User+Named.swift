import CausewayModel
import Foundation

extension User {
    /// A user with an address, who is not stored.
    static func named(_ name: String) -> User {
        User(
            id: UserID(1),
            uuid: UUID(),
            uid: String(repeating: "f", count: 64),
            profile: UserProfile(username: name, email: "\(name)@company.com"),
            dateJoined: .now(),
            lastUpdated: .now()
        )
    }
}

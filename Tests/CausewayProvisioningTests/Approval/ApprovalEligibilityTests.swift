import CausewayModel
import Testing

@testable import CausewayProvisioning

@Suite("Which runs can be approved or rejected")
struct ApprovalEligibilityTests {
    @Test("a run that waits can be decided, one that has ended cannot, and each says why")
    func waiting() {
        let rule = ApprovalEligibility(lifetime: .seconds(60))
        let start = Timestamp(milliseconds: 1_000_000)
        func obstacle(_ status: RunStatus, after seconds: Int64) -> ApprovalEligibility.Obstacle? {
            let run = Run(
                provider: ProviderID(1),
                trigger: .manual,
                status: status,
                startedAt: start,
                finishedAt: start
            )
            return rule.obstacle(to: run, now: start + .seconds(seconds))
        }
        #expect(obstacle(.awaitingApproval, after: 59) == nil)
        guard case .overdue = obstacle(.awaitingApproval, after: 60) else {
            Issue.record("A run that waited for its whole lifetime must be overdue.")
            return
        }
        for status in RunStatus.allCases where status != .awaitingApproval {
            guard case .other = obstacle(status, after: 0) else {
                Issue.record("\(status) must be refused.")
                continue
            }
        }
    }
}

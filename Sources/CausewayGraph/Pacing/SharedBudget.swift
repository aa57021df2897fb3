/// What all clients of a tenant may use together, wherever they run. Each takes portions, and sends what they pay for.
package struct SharedBudget: Sendable {
    /// What a client may use.
    package struct Portion: Hashable, Sendable {
        package let writes: Int
        package let units: Int
        /// How long to wait before it may be used.
        package let wait: Duration

        package init(writes: Int, units: Int, wait: Duration) {
            (self.writes, self.units, self.wait) = (writes, units, wait)
        }
    }

    /// Takes a portion for an application, by its client ID. It pays for the request; if the budget is used up, it pays for nothing else
    /// and comes with a wait.
    package typealias Take = @Sendable (_ application: String, _ request: RequestCost) async throws -> Portion
    /// Says to all clients that Graph refuses requests of an application, or of all (nil), for a while.
    package typealias Close =
        @Sendable (_ application: String?, _ writesOnly: Bool, _ pause: Duration) async throws -> Void

    let take: Take
    let close: Close

    package init(take: @escaping Take, close: @escaping Close) { (self.take, self.close) = (take, close) }
}

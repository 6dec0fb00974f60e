/** The function `audit-storage`. */
export interface AuditInvoker {
  /**
   * Has it go on with an audit, asynchronously.
   *
   * @throws where Lambda did not take it.
   */
  invoke(auditId: string): Promise<void>;
}

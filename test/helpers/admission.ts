/** Labels by which an operator gives the service a namespace that is there already. */
export const PREPARED = 'fluxiondb.com/prepared-for'
export const ADOPTABLE = 'fluxiondb.com/adoptable-as'
/** Where the chart lets the service try things out. */
export const SCRATCH = 'fluxiondb-provisioner-scratch'
